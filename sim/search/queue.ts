import type { Batch } from "./batches.ts";

/** The batches that nobody has taken yet. */
export interface Queue {
  take(): Batch | undefined;
  /** Puts seeds back that have to be run again, or that were not come to: they are next. */
  putBack(batches: readonly Batch[]): void;
  /** From now on there is nothing to take. */
  close(): void;
  readonly isClosed: boolean;
  readonly latestJobIndex: number;
}

export function createQueue(batches: Iterator<Batch, undefined>): Queue {
  const again: Batch[] = [];
  let isClosed = false;
  let latestJobIndex = 0;
  return {
    take() {
      const batch = isClosed ? undefined : (again.pop() ?? batches.next().value);
      latestJobIndex = batch?.jobIndex ?? latestJobIndex;
      return batch;
    },
    putBack: (returned) => void again.push(...returned),
    close() {
      isClosed = true;
    },
    get isClosed() {
      return isClosed;
    },
    get latestJobIndex() {
      return latestJobIndex;
    },
  };
}
