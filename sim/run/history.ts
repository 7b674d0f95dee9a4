/**
 * What the clients saw: every operation with its start, its end and its result, in virtual time.
 * This is all that the consistency checkers know of a run.
 */

/** `call` is an operation of a system of the user's own, named by its `f`; all others are those of the cache. */
export type OperationKind = "get" | "set" | "delete" | "compareAndSet" | "touch" | "getOrLoad" | "call";

/** A value as JSON or EDN can say it. Keywords and symbols of EDN are texts. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [name: string]: Data };

/** The kinds that a policy may refuse: not all can do them. */
export const REFUSABLE_KINDS: ReadonlySet<OperationKind> = new Set(["compareAndSet", "touch", "getOrLoad"]);

/** The error of an operation that the policy cannot do: it certainly did not happen. */
export const REFUSED = "not-supported";

/**
 * What an operation that ended `ok` has done, of the kinds that may do one thing or another:
 * - `wrote`: its value is in the key. compareAndSet: in place of the expected one, in one step. getOrLoad: its own
 *   loader gave the value, and the cache has stored it.
 * - `found`: it has read the key: a value, or nothing. compareAndSet: instead of the expected value, or when it had
 *   none to expect. getOrLoad: also when somebody else's loader gave the value. touch: nothing, always.
 * - `touched`: the value that was there may live longer.
 * - `loaded`: a loader gave the value, and the cache did not say that it has stored it.
 */
export type Effect = "wrote" | "found" | "touched" | "loaded";

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
  /**
   * set, compareAndSet, getOrLoad: the value that it writes, or would (unique in the run); get: the value read, null for
   * a miss or no answer; delete, touch: null.
   */
  readonly value: string | null;
  /** call: what was called, with what; see `System.workload`. */
  readonly f?: string;
  readonly input?: Data;
  /** call: what was returned; null unless it ended `ok`. */
  readonly output?: Data;
  /** What was written: how long it may be served, counted from the write; null when it never expires. */
  readonly ttlMs: number | null;
  /** compareAndSet: the value that it was to replace; null when the client knew none, and only looked. */
  readonly expected?: string | null;
  /** What it has done, if it ended `ok` and its kind leaves that open. */
  readonly effect?: Effect;
  /** The value that it found, if that is its effect; null for nothing. */
  readonly found?: string | null;
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
