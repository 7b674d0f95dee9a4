import type { Draw } from "../../kernel/draw.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import type { Recording } from "../recorded/recording.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { WORKLOAD_KINDS, type WorkloadKind } from "../workload-kinds.ts";

/** One row of a recorded trace, for one operation. */
export interface RecordedOperation {
  readonly key: string;
  /** Undefined where the trace does not say. */
  readonly kind: WorkloadKind | undefined;
  readonly atMs: number | undefined;
}

/** The stretch of a recorded trace that a seed takes. */
export interface Stretch {
  /** Every key of it once, in the order in which they come. */
  readonly keys: readonly string[];
  /** @param place from 0, below the number of all operations of the run */
  operationAt(place: number): RecordedOperation;
}

/**
 * As many rows as the run has operations, one after the other, from a place that the seed draws. Their times keep their
 * proportions and fill the time in which clients act.
 *
 * @returns null when the workload is not a recorded one
 */
export function drawStretch({ workload, phases }: Scenario, draw: Draw): Stretch | null {
  const { trace, clients, operations } = workload;
  if (trace === undefined) return null;
  const { recording } = trace;
  if (recording === undefined) {
    throw new RangeError(
      `the trace ${trace.file} has not been read: complete the scenario by a createRecordingReader`,
    );
  }
  const count = clients * operations;
  const first = draw.int("first", 0, recording.count - count);
  const places = new Set(recording.keyOf.subarray(first, first + count));
  const timeOf = scaledTimes(recording, first, count, phases.safetyMs + phases.settleMs / 2);
  return {
    keys: Array.from(places, (place) => recording.keys[place] as string),
    operationAt(place) {
      const row = first + place;
      const kind = recording.kindOf?.[row];
      return {
        key: recording.keys[recording.keyOf[row] as number] as string,
        kind: kind === undefined ? undefined : WORKLOAD_KINDS[kind],
        atMs: timeOf?.(row),
      };
    },
  };
}

/** All at once where nothing says how long it took. */
function scaledTimes(
  { times }: Recording,
  first: number,
  count: number,
  activeMs: number,
): ((row: number) => number) | null {
  if (times === null) return null;
  const start = times[first] as number;
  const length = (times[first + count - 1] as number) - start;
  return (row) => (length === 0 ? 0 : wholeMicros((((times[row] as number) - start) / length) * activeMs));
}
