import type { Operation } from "../../run/history.ts";

/** What every operation is to a register: a get, a set or a delete. See `asRegister`. */
export interface RegisterOperation extends Operation {
  /** Of a set: the value that was there until then, when the set was conditional on that. */
  readonly replaces?: string;
  /** Of a set: who may have touched its value, in the order of their calls. */
  readonly touches?: readonly Touch[];
  /** What the client had asked for, if it was not that. */
  readonly asked?: Operation;
}

/** A touch that may have let a value live longer. */
export interface Touch {
  readonly operation: Operation;
  /** The value lives until then at least, if this touched it... */
  readonly endsFromUs: number;
  /** ...and it certainly did, when it ended. */
  readonly isCertain: boolean;
}
