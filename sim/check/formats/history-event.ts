import type { Data } from "./recorded-history.ts";

/** One line of a history that records calls and returns apart, as Jepsen does. */
export interface HistoryEvent {
  readonly process: string;
  readonly type: EventType;
  readonly f: string;
  readonly key: string | null;
  readonly value: Data;
  readonly timeUs?: number;
  readonly ttlMs?: number;
  readonly isAbsent?: boolean;
}

/** A call, and the three ways to return from it. `info`: whether it happened is not known. */
export type EventType = "invoke" | "ok" | "fail" | "info";

const EVENT_TYPES: readonly string[] = ["invoke", "ok", "fail", "info"] satisfies readonly EventType[];

export function isEventType(text: unknown): text is EventType {
  return typeof text === "string" && EVENT_TYPES.includes(text);
}
