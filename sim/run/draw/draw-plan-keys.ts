import type { Draw } from "../../kernel/draw.ts";
import type { Popularity } from "../scenario/scenario-popularity.ts";

/** The place of a key in the list of keys, drawn under the label "key". */
export type KeyPicker = (draw: Draw) => number;

/** @param count how many keys there are, at least one */
export function createKeyPicker(popularity: Popularity | undefined, count: number): KeyPicker {
  switch (popularity?.kind) {
    case "zipf":
      return createZipfPicker(popularity.exponent, count);
    case "hot":
      return createHotPicker(Math.min(popularity.keys, count), popularity.share, count);
    case "uniform":
    case undefined:
      return (draw) => draw.int("key", 0, count - 1);
  }
}

/**
 * Zipf's law over a finite number of keys, for any exponent, by the inverse of the cumulative distribution: exact,
 * O(count) once and O(log count) a draw.
 */
function createZipfPicker(exponent: number, count: number): KeyPicker {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 1; rank <= count; rank++) {
    sum += Math.exp(-exponent * Math.log(rank));
    sums[rank - 1] = sum;
  }
  return (draw) => firstAbove(sums, draw.uniform("key") * sum);
}

function createHotPicker(hot: number, share: number, count: number): KeyPicker {
  const cold = count - hot;
  return (draw) => {
    const isHot = cold === 0 || draw.uniform("hot") < share;
    return isHot ? draw.int("key", 0, hot - 1) : hot + draw.int("key", 0, cold - 1);
  };
}

/** The index of the first sum above a value, by bisection; the last one when rounding leaves none. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
