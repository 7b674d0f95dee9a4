/**
 * Recent latencies in few numbers: exact below 16 ms, above that with an error of an eighth at most. When it has
 * seen enough all counts are halved, so what is old fades away. Everything takes constant time and space.
 */
export interface LatencyHistogram {
  readonly count: number;
  /** Milliseconds, 0 or more. */
  note(latencyMs: number): void;
  /** The least whole number of milliseconds that this share (0 to 100) of the latencies does not exceed; 0 if empty. */
  percentileMs(percentile: number): number;
}

const EXACT_MS = 16;
/** Buckets to each doubling above that. */
const STEPS = 8;
const DOUBLINGS = 27;
const SAMPLES_MAX = 1024;

export function createLatencyHistogram(): LatencyHistogram {
  return new FadingHistogram();
}

class FadingHistogram implements LatencyHistogram {
  count = 0;
  private readonly counts = new Uint32Array(EXACT_MS + STEPS * DOUBLINGS);

  note(latencyMs: number): void {
    const bucket = bucketOf(latencyMs);
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.count++;
    if (this.count >= SAMPLES_MAX) this.fade();
  }

  percentileMs(percentile: number): number {
    const wanted = (this.count * percentile) / 100;
    let seen = 0;
    let last = 0;
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      const here = this.counts[bucket] as number;
      if (here === 0) continue;
      seen += here;
      last = bucket;
      if (seen >= wanted) break;
    }
    return largestOf(last);
  }

  private fade(): void {
    this.count = 0;
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      // Rounded up: what was seen once is not forgotten at once.
      const left = ((this.counts[bucket] as number) + 1) >>> 1;
      this.counts[bucket] = left;
      this.count += left;
    }
  }
}

function bucketOf(latencyMs: number): number {
  const whole = Math.min(Math.ceil(Math.max(0, latencyMs)), 0x7fff_ffff);
  if (whole < EXACT_MS) return whole;
  // 16 is the beginning of the first doubling; its logarithm is 4, and 3 bits tell its steps apart.
  const doubling = 31 - Math.clz32(whole);
  return EXACT_MS + (doubling - 4) * STEPS + ((whole >>> (doubling - 3)) & (STEPS - 1));
}

/** The largest latency that falls into a bucket. */
function largestOf(bucket: number): number {
  if (bucket < EXACT_MS) return bucket;
  const above = bucket - EXACT_MS;
  const doubling = Math.floor(above / STEPS) + 4;
  return (STEPS + (above % STEPS) + 1) * (1 << (doubling - 3)) - 1;
}
