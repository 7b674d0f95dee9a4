/** The rows of a recorded trace, packed so that they can be sent to threads. */
export interface Recording {
  /** How many rows there are. */
  readonly count: number;
  /** Every key once. */
  readonly keys: readonly string[];
  /** Of each row, the place of its key. */
  readonly keyOf: Uint32Array;
  /** Of each row, the place of its kind among WORKLOAD_KINDS; null when there is no such column. */
  readonly kindOf: Uint8Array | null;
  /** Of each row, when it was, in the trace's own unit; never falling; null when there is no such column. */
  readonly times: Float64Array | null;
}

/** A recorded trace that cannot be used. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}
