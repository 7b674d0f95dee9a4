import type { CacheRecord } from "../local/record.ts";
import type { Message } from "../wire/messages.ts";

/** How times of the sender become times of the receiver. */
export interface Restating {
  /** When the receiver's clock shows what the sender's calls `deadlineMs`, or earlier. */
  readonly deadline: (deadlineMs: number) => number;
  /** How long the receiver may wait while the sender's clock counts so much. */
  readonly span: (spanMs: number) => number;
}

/** The message with every deadline in it restated. One that has none stays what it is. */
export function restate(message: Message, times: Restating): Message {
  switch (message.type) {
    case "store":
      return { ...message, record: restated(message.record, times) };
    case "read-reply":
    case "policy":
    case "policy-reply": {
      const { record } = message;
      return record === null ? message : { ...message, record: restated(record, times) };
    }
    case "pull-reply":
    case "settle":
      return { ...message, records: message.records.map((record) => restated(record, times)) };
    case "watch-reply": {
      const { remainingMs } = message;
      return remainingMs === null ? message : { ...message, remainingMs: times.span(remainingMs) };
    }
    case "read":
    case "store-reply":
    case "erase":
    case "ping":
    case "pong":
    case "pull":
    case "inform":
    case "vote":
    case "vote-reply":
    case "take-over":
    case "configuration":
    case "watch":
    case "renew":
    case "renew-reply":
    case "invalidate":
    case "tree":
    case "tree-reply":
    case "fetch":
    case "settle-reply":
    case "forget":
      return message;
  }
}

function restated(record: CacheRecord, { deadline }: Restating): CacheRecord {
  return { ...record, expireAtMs: deadline(record.expireAtMs) };
}
