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
  return new PathDraw(k0, k1, 1);
}

/** Two states are carried side by side: 64 bits, so that the paths of a plan never meet by accident. */
class PathDraw implements Draw {
  private readonly h0: number;
  private readonly h1: number;
  private readonly scale: number;

  constructor(h0: number, h1: number, scale: number) {
    this.h0 = h0;
    this.h1 = h1;
    this.scale = scale;
  }

  at(label: string | number): Draw {
    const { h0, h1, scale } = this;
    if (typeof label === "string") return new PathDraw(mixString(h0, label), mixString(h1, label), scale);
    if (!Number.isSafeInteger(label) || label < 0 || label > 0x7fffffff) {
      throw new Error(`a draw's number must be whole and from 0 to 2147483647, not ${label}`);
    }
    return new PathDraw(mixInt(h0, label), mixInt(h1, label), scale);
  }

  uniform(label: string): number {
    return fraction(mixString(this.h0, label), mixString(this.h1, label));
  }

  between(label: string, min: number, max: number): number {
    return min + this.uniform(label) * this.scale * (max - min);
  }

  int(label: string, min: number, max: number): number {
    return min + Math.floor(this.uniform(label) * this.scale * (max - min + 1));
  }

  pick<T>(label: string, items: readonly T[]): T {
    if (items.length === 0) throw new Error(`nothing to pick from at "${label}"`);
    const valueOf = this.uniforms(label);
    let best = 0;
    let bestValue = -1;
    for (let i = 0; i < items.length; i++) {
      const value = valueOf(i);
      if (value <= bestValue) continue;
      bestValue = value;
      best = i;
    }
    return items[best] as T;
  }

  weighted(label: string, weights: readonly number[]): number {
    const valueOf = this.uniforms(label);
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
  }

  shuffle<T>(label: string, items: readonly T[]): T[] {
    const valueOf = this.uniforms(label);
    return items
      .map((item, i) => ({ item, value: valueOf(i) }))
      .sort((a, b) => a.value - b.value)
      .map(({ item }) => item);
  }

  scaled(share: number): Draw {
    return new PathDraw(this.h0, this.h1, this.scale * share);
  }

  /** The i-th of many values under one label. */
  private uniforms(label: string): (index: number) => number {
    const l0 = mixString(this.h0, label);
    const l1 = mixString(this.h1, label);
    return (index) => fraction(mixInt(l0, index), mixInt(l1, index));
  }
}

/** Uniform in [0, 1) with 53 bits, from two states. */
function fraction(s0: number, s1: number): number {
  return ((finalize(s0) >>> 5) * 67_108_864 + (finalize(s1) >>> 6)) / 9_007_199_254_740_992;
}
