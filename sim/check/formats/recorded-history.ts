import type { Data, ResultKind } from "../../run/history.ts";

/**
 * A history of any system, as it was recorded: what the checkers of `cache-sim check` know of it. Names of
 * operations and the meaning of their values are the business of a model (`../models`).
 */

export type { Data };

export interface RecordedOperation {
  /** The line of the file on which it was called, from 1. */
  readonly line: number;
  /** Who called it; one at a time. */
  readonly process: string;
  /** What was called, as "read" or "cas". */
  readonly f: string;
  /** What it was done to; null where the whole history is about one thing. */
  readonly key: string | null;
  readonly input: Data;
  /** What was returned; null when there was no answer, or none but that it happened. */
  readonly output: Data;
  /** True when the history itself says that a read found nothing, whatever null means otherwise. */
  readonly isAbsent?: boolean;
  readonly result: ResultKind;
  /**
   * Places in the order of all calls and returns, whole numbers: `a` came before `b` exactly if `a.returnAt` is below
   * `b.callAt`. `Infinity` for an operation without a known end.
   */
  readonly callAt: number;
  readonly returnAt: number;
  /** The same in time, microseconds, where the history has it. */
  readonly callUs?: number;
  /** When the caller had its answer or gave up; `Infinity` when neither was recorded. */
  readonly returnUs?: number;
  /** How long a written value may be read, milliseconds. */
  readonly ttlMs?: number;
}

export interface RecordedHistory {
  /** In the order of their calls. */
  readonly operations: readonly RecordedOperation[];
  /** The width of the band in which all clocks were, milliseconds, where the history says it. */
  readonly clockSkewMs?: number;
}
