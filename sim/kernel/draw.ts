import { finalize, keysFromSeed, mixInt, mixString } from "./mix.ts";

/**
 * Draws of a plan, each addressed by a path of labels and not by its place in a sequence: adding or removing
 * one draw leaves every other as it was.
 */
export interface Draw {
  /** A narrower place to draw from. A number is a whole number, zero or more. */
  at(label: string | number): Draw;
  /** Uniform in [0, 1). */
  uniform(label: string): number;
  /** Uniform in [min, max). */
  between(label: string, min: number, max: number): number;
  /** A whole number, uniform in [min, max], both ends possible. */
  int(label: string, min: number, max: number): number;
  /**
   * One of the items, each as likely. Throws when there is none. An item added at the end either wins or
   * leaves the pick as it was.
   */
  pick<T>(label: string, items: readonly T[]): T;
  /** The index of one of the weights, with a probability in proportion to it. Stable like {@link Draw.pick}. */
  weighted(label: string, weights: readonly number[]): number;
  /** A new array in random order. An item added at the end leaves the order of the others as it was. */
  shuffle<T>(label: string, items: readonly T[]): T[];
  /** The same draws, but `between` and `int` only reach up to this share of their ranges, 0 to 1. */
  scaled(share: number): Draw;
}

/** Draws of one seed. The same seed and path give the same value, on every machine. */
export function createDraw(seed: number | string): Draw {
  const { k0, k1 } = keysFromSeed(seed);
  return drawFrom(k0, k1, 1);
}

/** Two states are carried side by side: 64 bits, so that the paths of a plan never meet by accident. */
function drawFrom(h0: number, h1: number, scale: number): Draw {
  const uniform = (label: string): number => fraction(mixString(h0, label), mixString(h1, label));

  /** The i-th of many values under one label. */
  const uniforms = (label: string): ((index: number) => number) => {
    const l0 = mixString(h0, label);
    const l1 = mixString(h1, label);
    return (index) => fraction(mixInt(l0, index), mixInt(l1, index));
  };

  return {
    at(label) {
      if (typeof label === "string") return drawFrom(mixString(h0, label), mixString(h1, label), scale);
      if (!Number.isSafeInteger(label) || label < 0 || label > 0x7fffffff) {
        throw new Error(`a draw's number must be whole and from 0 to 2147483647, not ${label}`);
      }
      return drawFrom(mixInt(h0, label), mixInt(h1, label), scale);
    },

    uniform,

    between: (label, min, max) => min + uniform(label) * scale * (max - min),

    int: (label, min, max) => min + Math.floor(uniform(label) * scale * (max - min + 1)),

    pick(label, items) {
      if (items.length === 0) throw new Error(`nothing to pick from at "${label}"`);
      const valueOf = uniforms(label);
      let best = 0;
      let bestValue = -1;
      for (let i = 0; i < items.length; i++) {
        const value = valueOf(i);
        if (value <= bestValue) continue;
        bestValue = value;
        best = i;
      }
      return items[best] as (typeof items)[number];
    },

    weighted(label, weights) {
      const valueOf = uniforms(label);
      let best = -1;
      let bestTime = Infinity;
      for (const [i, weight] of weights.entries()) {
        // The first of several exponential clocks to ring is each one in proportion to its rate.
        const time = weight > 0 ? -Math.log(1 - valueOf(i)) / weight : Infinity;
        if (time >= bestTime) continue;
        bestTime = time;
        best = i;
      }
      if (best === -1) throw new Error(`no weight above zero at "${label}"`);
      return best;
    },

    shuffle(label, items) {
      const valueOf = uniforms(label);
      return items
        .map((item, i) => ({ item, value: valueOf(i) }))
        .sort((a, b) => a.value - b.value)
        .map(({ item }) => item);
    },

    scaled: (share) => drawFrom(h0, h1, scale * share),
  };
}

/** Uniform in [0, 1) with 53 bits, from two states. */
function fraction(s0: number, s1: number): number {
  return ((finalize(s0) >>> 5) * 67_108_864 + (finalize(s1) >>> 6)) / 9_007_199_254_740_992;
}
