import type { SeedRange } from "./job.ts";
import type { Tally } from "./tally.ts";

/** Seeds of one job that were run in one go. */
export interface Piece {
  readonly jobIndex: number;
  readonly seeds: SeedRange;
  readonly tally: Tally;
  readonly busyMs: number;
  /** Its last seed failed. A piece ends there, so no other seed of it did. */
  readonly hasFailed: boolean;
}

export interface CutOptions {
  readonly seeds: SeedRange;
  /** The campaign ends with the seed that fails as the so-manieth. */
  readonly failuresMax: number;
  /** Given every piece up to the end, in the order of jobs and seeds. */
  readonly add: (piece: Piece) => void;
}

/**
 * Ends a campaign after so many failures, and always at the same seed: failures are counted in the order of jobs and
 * seeds, not in that of time. What a faster worker has found beyond the end is dropped.
 */
export interface Cut {
  take(piece: Piece): void;
  /** Adds what waits for seeds that will never come, when a campaign ends for another reason. */
  release(): void;
  readonly isReached: boolean;
}

export function createCut({ seeds, failuresMax, add }: CutOptions): Cut {
  const waiting = new Map<string, Piece>();
  let jobIndex = 0;
  let seed = seeds.first;
  let failureCount = 0;
  const place = (job: number, first: number): string => `${job}:${first}`;

  function addNext(piece: Piece): void {
    waiting.delete(place(jobIndex, seed));
    seed = piece.seeds.last + 1;
    if (seed > seeds.last) {
      jobIndex++;
      seed = seeds.first;
    }
    if (piece.hasFailed) failureCount++;
    add(piece);
  }

  return {
    take(piece) {
      if (failureCount >= failuresMax) return;
      waiting.set(place(piece.jobIndex, piece.seeds.first), piece);
      while (failureCount < failuresMax) {
        const next = waiting.get(place(jobIndex, seed));
        if (next === undefined) return;
        addNext(next);
      }
      waiting.clear();
    },
    release() {
      for (const piece of waiting.values()) add(piece);
      waiting.clear();
    },
    get isReached() {
      return failureCount >= failuresMax;
    },
  };
}
