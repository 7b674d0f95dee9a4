/**
 * What the clients saw: every operation with its start, its end and its result, in virtual time.
 * This is all that the consistency checkers know of a run.
 */

export type OperationKind = "get" | "set" | "delete";

/**
 * - `ok`: it happened, between call and return.
 * - `fail`: it certainly did not happen, and never will.
 * - `indeterminate`: it may happen at any time after its call, or not at all.
 */
export type ResultKind = "ok" | "fail" | "indeterminate";

export interface Operation {
  /** Stable name, `client#n`, n counted from 1 within the client. */
  readonly id: string;
  readonly client: string;
  /** The machine that the client talked to; "none" when no machine was up. */
  readonly machine: string;
  readonly kind: OperationKind;
  readonly key: string;
  /** set: the value written (unique in the run); get: the value read, null for a miss or no answer; delete: null. */
  readonly value: string | null;
  /** set only: how long the value may be served, counted from the write; null when it never expires. */
  readonly ttlMs: number | null;
  readonly callUs: number;
  /** When the machine took the request up, if that was later than the call: it was busy. */
  readonly takenUs?: number;
  /** When the client had its result, or gave up. `Infinity` only for an operation still open when the run ended. */
  readonly returnUs: number;
  /** When the system promised an answer of some kind (call + the plan's deadline). */
  readonly deadlineUs: number;
  readonly result: ResultKind;
  /** Why it did not end `ok`: a short stable code such as "unavailable", "deadline", "crashed", "refused". */
  readonly error: string | null;
}

/** Operations in the order of their calls (ties: by client, then by number). */
export type History = readonly Operation[];
