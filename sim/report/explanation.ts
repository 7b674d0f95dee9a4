/**
 * Why a run fails, as whoever explains failures found it. A page shows it if it is given; nothing here makes one.
 */
export interface Explanation {
  /** The causal story, a paragraph each. */
  readonly story: readonly string[];
  /**
   * How likely the failure was at points of the run, in the order of time: all choices after `atMs` (milliseconds of
   * virtual time) were drawn anew in `runs` runs, of which `failures` failed.
   */
  readonly curve: readonly { readonly atMs: number; readonly runs: number; readonly failures: number }[];
  /** Faults of the plan without which it does not fail: their places in `plan.faults`. */
  readonly necessaryFaults: readonly number[];
  /** Index of the event after which the failure could no longer be averted; null when it is not known. */
  readonly pointOfNoReturn: number | null;
}
