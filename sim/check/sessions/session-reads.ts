import type { History, Operation } from "../../run/history.ts";
import { byKey } from "../by-key.ts";
import { compareByTime } from "../certificate.ts";
import { effectEndUs } from "../operation-times.ts";

/**
 * What the session guarantees have in common (D. Terry et al., "Session guarantees for weakly consistent replicated
 * data", PDIS 1994): what one client did with one key, in its own order, and which writes certainly came before which.
 *
 * Only definite reversals count. A write came before another if it had ended before the other was called, so writes
 * that overlap are in no order, and one whose end is not known comes before none. An operation of a client came before
 * its next one if it ended before that was called. So whatever is linearizable keeps every guarantee.
 */
export interface KeySessions {
  readonly key: string;
  /** Each client's operations on the key, in the order of their calls. */
  readonly sessions: readonly (readonly Operation[])[];
  /** The set that wrote a value; undefined for what nobody wrote, or only a set that failed. */
  readonly writeOf: (value: string) => Operation | undefined;
}

export function* keySessions(history: History): Generator<KeySessions> {
  for (const [key, operations] of byKey(history)) {
    const writes = new Map<string, Operation>();
    const sessions = new Map<string, Operation[]>();
    for (const operation of operations) {
      const { kind, value, result, client } = operation;
      if (kind === "set" && result !== "fail" && value !== null) writes.set(value, operation);
      const session = sessions.get(client);
      if (session === undefined) sessions.set(client, [operation]);
      else session.push(operation);
    }
    yield {
      key,
      sessions: [...sessions.values()].map((session) => session.sort(compareByTime)),
      writeOf: (value) => writes.get(value),
    };
  }
}

/** A get that found a value. */
export function isHit({ kind, result, value }: Operation): boolean {
  return kind === "get" && result === "ok" && value !== null;
}

/** A set or a delete that was acknowledged. */
export function isAcknowledgedWrite({ kind, result }: Operation): boolean {
  return kind !== "get" && result === "ok";
}

/** Whether one write had certainly taken effect before another one was called. */
export function certainlyBefore(a: Operation, b: Operation): boolean {
  return effectEndUs(a) < b.callUs;
}
