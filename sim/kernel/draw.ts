/**
 * Draws of a plan, each addressed by a path of labels and not by its place in a sequence: adding or removing
 * one draw leaves every other as it was.
 */
export interface Draw {
  /** A narrower place to draw from. */
  at(label: string | number): Draw;
  /** Uniform in [0, 1). */
  uniform(label: string): number;
  /** Uniform in [min, max). */
  between(label: string, min: number, max: number): number;
  /** A whole number, uniform in [min, max], both ends possible. */
  int(label: string, min: number, max: number): number;
  /** One of the items, each as likely. Throws when there is none. */
  pick<T>(label: string, items: readonly T[]): T;
  /** A new array in random order. */
  shuffle<T>(label: string, items: readonly T[]): T[];
}
