/**
 * A distribution given by measured points, straight between them.
 *
 * @param points quantiles with their delays in milliseconds; quantiles rise from 0 to 1, delays never fall
 * @returns milliseconds for a quantile in [0, 1)
 */
export function tableQuantile(
  points: readonly (readonly [quantile: number, ms: number])[],
): (quantile: number) => number {
  const quantiles = Float64Array.from(points, ([quantile]) => quantile);
  const delaysMs = Float64Array.from(points, ([, ms]) => ms);
  return (quantile) => {
    let low = 0;
    let high = quantiles.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((quantiles[middle] as number) <= quantile) low = middle;
      else high = middle;
    }
    const from = quantiles[low] as number;
    const fromMs = delaysMs[low] as number;
    const toMs = delaysMs[high] as number;
    const share = (quantile - from) / ((quantiles[high] as number) - from);
    // Rounding may carry the sum past the end of the piece.
    return Math.min(toMs, fromMs + share * (toMs - fromMs));
  };
}
