/**
 * What one run says about one quantity, kept in a form that can be put together with other runs: the share of all
 * operations is not the mean of the shares of runs, and a quantile of all latencies is no mean of quantiles.
 */
export type Figure =
  /** So much of so much: `part` of `whole`. Runs together: the sums. */
  | { readonly kind: "ratio"; readonly part: number; readonly whole: number }
  /** Single values of equal weight, rising. Runs together: all of them, of which quantiles are taken. */
  | { readonly kind: "samples"; readonly values: readonly number[] }
  /** One value, or null when the run says nothing of it. Runs together: the mean of those that do. */
  | { readonly kind: "value"; readonly value: number | null };

export function ratio(part: number, whole: number): Figure {
  return { kind: "ratio", part, whole };
}

export function samples(values: readonly number[]): Figure {
  return { kind: "samples", values: values.toSorted((a, b) => a - b) };
}

export function value(each: number | null): Figure {
  return { kind: "value", value: each };
}
