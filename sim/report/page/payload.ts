/**
 * What a page knows of its run: written by `sim/report/html`, read in the browser. JSON, packed with gzip and written
 * in base64. All times are microseconds of virtual time. Machines, clients and operations are named by their places
 * in the lists here.
 */
export const PAGE_FORMAT = "cache-sim/page";
export const PAGE_VERSION = 1;

export interface PagePayload {
  readonly format: string;
  readonly version: number;
  readonly scenario: string;
  readonly policy: string;
  readonly seed: number;
  readonly traceHash: string;
  /** The line that replays the run. */
  readonly command: string;
  /** What else there is to say of the run, name and text. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** The plan as the text of its file. */
  readonly plan: string;
  readonly machines: readonly string[];
  readonly clients: readonly string[];
  readonly healUs: number;
  readonly endUs: number;
  readonly faults: readonly PageFault[];
  readonly changes: readonly PageChange[];
  /** When a machine was no member of the cluster. */
  readonly absences: readonly PageAbsence[];
  readonly operations: readonly PageOperation[];
  readonly events: EventColumns;
  readonly violations: readonly PageViolation[];
  readonly keys: readonly KeyHistory[];
  readonly states: PageStates;
  readonly explanation: PageExplanation | null;
}

export interface PageFault {
  readonly kind: string;
  readonly text: string;
  /** The same without its machines, for where these are seen anyway. */
  readonly label: string;
  /** Of the machines that it happens to. */
  readonly machines: readonly number[];
  readonly startUs: number;
  readonly endUs: number;
}

/** A change of who belongs to the cluster. */
export interface PageChange {
  readonly text: string;
  /** Places of the machines that join or leave. */
  readonly machines: readonly number[];
  /** From when the operator asked for it until it was done; the end of the run when it never was. */
  readonly startUs: number;
  readonly endUs: number;
  readonly isDone: boolean;
}

export interface PageAbsence {
  readonly machine: number;
  readonly startUs: number;
  readonly endUs: number;
}

export interface PageOperation {
  readonly id: string;
  readonly client: number;
  readonly key: string;
  /** "set k1 = c1:7" and "ok". */
  readonly request: string;
  readonly answer: string;
  readonly result: "ok" | "fail" | "indeterminate";
  readonly callUs: number;
  /** Null for an operation that was still open when the run ended. */
  readonly returnUs: number | null;
  /** Event of its call and of its answer; null where there is none. */
  readonly callEvent: number | null;
  readonly returnEvent: number | null;
}

/** The events of the trace, column by column, which packs better than one by one. */
export interface EventColumns {
  /** Since the event before. */
  readonly timeUs: readonly number[];
  /** 0 for the world, else one more than the machine's place. */
  readonly machine: readonly number[];
  /** Place in `kinds`. */
  readonly kind: readonly number[];
  /** How many events before this one its cause is; 0 for none. */
  readonly back: readonly number[];
  /** Place in `activities`. */
  readonly activity: readonly number[];
  /** 0 for none, else one more than the place in `keyNames`. */
  readonly key: readonly number[];
  /** Place in `rests`: the event's data but for its message. */
  readonly rest: readonly number[];
  /** 0 for none, else one more than the place in `messages`. */
  readonly message: readonly number[];
  readonly kinds: readonly string[];
  readonly activities: readonly string[];
  readonly keyNames: readonly string[];
  /** Events of the world in words: how many events after the one before in this list, and place in `words`. */
  readonly told: readonly (readonly [after: number, words: number])[];
  readonly words: readonly string[];
  readonly rests: readonly unknown[];
  readonly messages: readonly unknown[];
}

export interface PageViolation {
  readonly invariant: string;
  readonly key: string | null;
  readonly summary: string;
  readonly notes: readonly string[];
  /** The certificate. */
  readonly operations: readonly number[];
  /** The event at which it shows; null for none. */
  readonly event: number | null;
  /** Why it is none to fail for; null when it is one. */
  readonly expected: string | null;
}

/** One key's operations, and in which order they may have happened. */
export interface KeyHistory {
  readonly key: string;
  /** In the order of their calls. */
  readonly operations: readonly number[];
  /**
   * - `order`: `points` is an order of all operations that happened.
   * - `stuck`: `points` is the longest order that was found, and none of `blocked` can follow it.
   * - `unknown`: there are too many orders to try them all; `points` is as far as it got.
   * - `none`: no order is looked for, since what the operations mean is known to the system's model alone.
   */
  readonly verdict: "order" | "stuck" | "unknown" | "none";
  /** Whether only the operations of the certificate were ordered, since of all there are too many orders. */
  readonly isOfProof: boolean;
  /** An operation, and the moment at which it happened in that order. */
  readonly points: readonly (readonly [operation: number, atUs: number])[];
  readonly blocked: readonly number[];
}

/** From one state to the next: what each place is now. A path without a value is gone. */
export type Patch = readonly (readonly [path: readonly string[], value?: unknown])[];

export interface PageStates {
  /** Machine by machine: how many events after the last change, and what changed; null when it went down. */
  readonly changes: readonly (readonly (readonly [after: number, patch: Patch | null])[])[];
  /** Only every so-many-th change is kept; 1 when all are. */
  readonly every: number;
}

/** See `sim/report/explanation.ts`: why one of the violations happened. */
export interface PageExplanation {
  /** Place of the violation; null when it is not among those in the page. */
  readonly violation: number | null;
  readonly story: readonly { readonly text: string; readonly event: number }[];
  readonly storyLeftOut: number;
  readonly odds: readonly PageOdds[];
  readonly decision: string;
  readonly noReturn: { readonly atUs: number; readonly event: number | null } | null;
  /** Without any one of these it does not fail. */
  readonly faults: readonly number[];
  readonly operations: readonly number[];
  readonly changes: readonly string[];
  /** Detours and choices made by hand. */
  readonly otherNecessary: readonly string[];
  readonly otherParts: number;
}

export interface PageOdds {
  /** From when on all choices were drawn anew; null for the run as it is. */
  readonly fromUs: number | null;
  readonly runs: number;
  readonly failures: number;
}
