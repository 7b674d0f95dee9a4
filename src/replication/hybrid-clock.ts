/**
 * Stamps that follow the wall clock and never contradict what caused what.
 *
 * S. Kulkarni, M. Demirbas, D. Madappa, B. Avva, M. Leone, "Logical physical clocks" (OPODIS 2014). A stamp has a
 * physical part, the highest wall time that its maker had seen on its own clock or in a stamp, and a logical part,
 * which tells stamps of one such time apart. As the paper suggests both share one number: milliseconds times 1024
 * plus the logical part, which carries over into the next millisecond. So stamps compare as numbers, are exact until
 * the year 2248, and serve as the counter of a `Version`, whose node and life break ties.
 */

const STAMPS_PER_MS = 1024;

export interface HybridClock {
  /** A stamp above all that this clock has given or seen, and at least that of the wall clock. */
  next(): number;
  /**
   * Takes note of a stamp made elsewhere. False when it is further ahead of the wall clock than any right clock
   * can be: then it is not taken over, since one wrong clock would drag all others along for good.
   */
  observe(stamp: number): boolean;
}

export interface HybridClockOptions {
  readonly nowMs: () => number;
  /** How far ahead of this node's wall clock a stamp may be, in milliseconds. */
  readonly aheadMsMax: number;
}

export function createHybridClock(options: HybridClockOptions): HybridClock {
  return new StampClock(options);
}

class StampClock implements HybridClock {
  private readonly nowMs: () => number;
  private readonly aheadMsMax: number;
  private last = 0;

  constructor({ nowMs, aheadMsMax }: HybridClockOptions) {
    this.nowMs = nowMs;
    this.aheadMsMax = aheadMsMax;
  }

  next(): number {
    this.last = Math.max(this.last + 1, stampAt(this.nowMs()));
    return this.last;
  }

  observe(stamp: number): boolean {
    if (stamp <= this.last) return true;
    if (stamp >= stampAt(this.nowMs() + this.aheadMsMax + 1)) return false;
    this.last = stamp;
    return true;
  }
}

/** The first stamp of a millisecond; a wall clock before 1970 counts as 1970. */
function stampAt(wallMs: number): number {
  return Math.max(0, Math.floor(wallMs)) * STAMPS_PER_MS;
}
