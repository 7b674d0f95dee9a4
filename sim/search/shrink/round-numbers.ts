import { wholeMicros } from "../../world/quantity-text.ts";

/** Steps to round to, coarse ones first. */
const STEPS = [10_000, 5000, 1000, 500, 100, 50, 10, 5, 1, 0.5, 0.1, 0.01] as const;

/**
 * Numbers nearer to zero than `value`, the roundest first: 237.5 gives 0, 200, 230, ... Never another sign, and none
 * that is as long to write as the value itself.
 */
export function rounderNumbers(value: number): number[] {
  const size = Math.abs(value);
  const sign = value < 0 ? -1 : 1;
  const rounder = [0, ...STEPS.map((step) => wholeMicros(Math.floor(size / step) * step))];
  return [...new Set(rounder)].filter((number) => number < size).map((number) => sign * number + 0);
}
