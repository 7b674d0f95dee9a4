/**
 * The standard normal distribution, with `log`, `exp` and `sqrt` only: they give the same bits on every Node that
 * we run on.
 */

/**
 * The quantile function, by Peter Acklam's rational approximation (relative error below 1.15e-9). Quantiles are
 * kept away from 0 and 1, where it is infinite.
 */
export function normalQuantile(quantile: number): number {
  const p = Math.min(Math.max(quantile, 1e-10), 1 - 1e-10);
  if (p < 0.02425) return quantileOfTail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -quantileOfTail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r +
      1.38357751867269e2) *
      r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r +
      6.680131188771972e1) *
      r -
      1.328068155288572e1) *
      r +
      1)
  );
}

function quantileOfTail(q: number): number {
  return (
    (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) *
      q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) *
      q +
      1)
  );
}

/** Beyond it the tail is 0 for a double. */
const Z_MAX = 37;
/** Where the rational approximation ends and a continued fraction takes over. */
const Z_RATIONAL_MAX = 7.07106781186547;

/**
 * The probability of more than `z`, with an error below 1e-14, and to 7 digits far out in the tail: J. F. Hart's
 * algorithm 5666 (Computer Approximations, 1968), as given by Graeme West (2005).
 */
export function normalTail(z: number): number {
  const upper = tailBeyond(Math.abs(z));
  return z > 0 ? upper : 1 - upper;
}

function tailBeyond(z: number): number {
  if (z > Z_MAX) return 0;
  const e = Math.exp((-z * z) / 2);
  if (z > Z_RATIONAL_MAX) {
    return e / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / 2.506628274631;
  }
  const numerator =
    (((((3.52624965998911e-2 * z + 0.700383064443688) * z + 6.37396220353165) * z + 33.912866078383) * z +
      112.079291497871) *
      z +
      221.213596169931) *
      z +
    220.206867912376;
  const denominator =
    ((((((8.83883476483184e-2 * z + 1.75566716318264) * z + 16.064177579207) * z + 86.7807322029461) * z +
      296.564248779674) *
      z +
      637.333633378831) *
      z +
      793.826512519948) *
      z +
    440.413735824752;
  return (e * numerator) / denominator;
}

const SQRT_2_PI = 2.5066282746310002;

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / SQRT_2_PI;
}
