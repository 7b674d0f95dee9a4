import type { Millis } from "./clock.ts";

/**
 * Brands a number as milliseconds. It only marks the type: what a value must satisfy depends on where it is
 * used (a duration is whole, a point of a track may be fractional), so that is where it is checked.
 */
export function ms(value: number): Millis {
  return value as Millis;
}
