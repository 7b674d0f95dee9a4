import seedrandom from "seedrandom";

/**
 * Integer mixing for choices that are addressed by what they are and not by when they are taken: a value is a
 * pure function of a seed's keys and the identity folded into them. The round and the finalizer are those of
 * MurmurHash3 (Austin Appleby, public domain), in 32-bit integer arithmetic only, so every engine gives the
 * same bits. A fold costs a few nanoseconds; a seedrandom stream for each identity would cost about 2 µs.
 *
 * A folded state is not yet random in all its bits: pass it through {@link finalize} before using it as a value.
 */

/** Folds a whole number into a state. Only its low 32 bits count. Order matters: (a, b) is not (b, a). */
export function mixInt(key: number, n: number): number {
  let k = Math.imul(n | 0, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = key ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) >>> 0;
}

/** Folds a text into a state, with its length, so that ("ab", "c") and ("a", "bc") differ. */
export function mixString(key: number, text: string): number {
  let h = key;
  const { length } = text;
  for (let i = 0; i < length; i++) h = mixInt(h, text.charCodeAt(i));
  // The complement keeps a text's length apart from one more character.
  return mixInt(h, ~length);
}

/** Spreads every bit of a state over all 32 bits of the result, one to one. */
export function finalize(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

export interface Keys {
  readonly k0: number;
  readonly k1: number;
}

/** Two independent 32-bit keys from a seed. Everything random in a plan and its run starts from them. */
export function keysFromSeed(seed: number | string): Keys {
  const stream = seedrandom.alea(String(seed));
  return { k0: stream.int32() >>> 0, k1: stream.int32() >>> 0 };
}
