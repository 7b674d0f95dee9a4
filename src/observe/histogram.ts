/**
 * How long things took: counts in buckets that are as wide as 1/32 of what they hold, or narrower. (The buckets are
 * those of G. Tene's HdrHistogram, with five bits after the first.)
 *
 * A quantile is given as the highest duration of its bucket: never below the exact one, and above it by less than
 * 1/32 of it, or 1 µs. Durations beyond 35 minutes (2^31 µs) count as that.
 */
export class Histogram {
  count = 0;
  private readonly buckets = new Uint32Array(BUCKET_COUNT);
  private maxMicros = 0;

  /** O(1); allocates nothing. */
  record(durationMs: number): void {
    const micros = Math.min(MICROS_MAX, Math.max(0, Math.round(durationMs * 1000)));
    this.count++;
    if (micros > this.maxMicros) this.maxMicros = micros;
    const bucket = bucketOf(micros);
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
  }

  /**
   * The duration, in milliseconds, that a share of `quantile` (0 to 1) did not exceed; 0 when nothing was recorded.
   * O(buckets).
   */
  quantileMs(quantile: number): number {
    const rank = Math.max(1, Math.ceil(quantile * this.count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      seen += this.buckets[bucket] as number;
      if (seen >= rank) return Math.min(highestOf(bucket), this.maxMicros) / 1000;
    }
    return 0;
  }

  get maxMs(): number {
    return this.maxMicros / 1000;
  }
}

/** How many bits of a duration are kept, the first one too. */
const KEPT_BITS = 6;
const HALF = 1 << (KEPT_BITS - 1);
const MICROS_MAX = 2_147_483_647;
const BUCKET_COUNT = bucketOf(MICROS_MAX) + 1;

/** Below 64 µs each microsecond has its bucket; from there on, each power of two has 32. */
function bucketOf(micros: number): number {
  const shift = Math.max(0, 32 - Math.clz32(micros) - KEPT_BITS);
  return shift * HALF + (micros >> shift);
}

function highestOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / HALF) - 1);
  return (bucket - shift * HALF + 1) * (1 << shift) - 1;
}
