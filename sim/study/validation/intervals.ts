import { normalQuantile } from "../../world/normal.ts";

/** Two-sided, so that of a hundred right comparisons about one in ten tables has one that seems wrong. */
export const CONFIDENCE = 0.999;

/** How many standard deviations that is. */
export function deviations(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/** Both ends belong to it. No upper end is `Infinity`, in JSON null. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Between which observed values the quantile of a sample lies: its ranks, which are binomial. With another sample's
 * size beside it, between which the quantile of that other sample is to be expected.
 *
 * Beyond the largest value that was observed nothing is known, so a small sample has no upper end: `Infinity`.
 *
 * @param sorted rising
 */
export function quantileInterval(
  sorted: readonly number[],
  quantile: number,
  otherSize = Infinity,
): Interval {
  const size = sorted.length;
  const effective = 1 / (1 / size + 1 / otherSize);
  const spread = deviations(CONFIDENCE) * Math.sqrt((quantile * (1 - quantile)) / effective) * size;
  const lowest = Math.min(size - 1, Math.max(0, Math.round(quantile * size - spread - 1)));
  const highest = Math.round(quantile * size + spread);
  return { low: sorted[lowest] ?? Number.NaN, high: sorted[highest] ?? Infinity };
}

/** Wilson's score interval of a share, which behaves at 0 and 1. */
export function shareInterval(count: number, size: number, confidence = CONFIDENCE): Interval {
  const z = deviations(confidence);
  const share = count / size;
  const scale = 1 + (z * z) / size;
  const centre = (share + (z * z) / (2 * size)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / size + (z * z) / (4 * size * size));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export function isWithin({ low, high }: Interval, value: number, slack = 0): boolean {
  return value >= low - slack && value <= high + slack;
}

/** The probability that at most `most` of `size` trials succeed, each with the probability `share`; as a Poisson sum. */
export function atMost(most: number, size: number, share: number): number {
  const mean = size * share;
  let term = Math.exp(-mean);
  let sum = term;
  for (let count = 1; count <= most; count++) {
    term *= mean / count;
    sum += term;
  }
  return Math.min(1, sum);
}
