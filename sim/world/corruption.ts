import type { Cause } from "../kernel/cause.ts";
import { type Chooser, site, type Site } from "../kernel/choices.ts";
import type { Endpoint } from "./link.ts";
import { linkLabel } from "./link.ts";

/** A few: what a checksum of a link that is worth its name always finds, and what slips through a weak one. */
export const FLIPS_MAX = 3;

/** Choices of one link: whether a frame is damaged, in how many bits, and in which. */
export interface CorruptionSites {
  readonly happens: Site;
  readonly count: Site;
  readonly bits: readonly Site[];
}

export function corruptionSites(from: Endpoint, to: Endpoint): CorruptionSites {
  const label = `${linkLabel(from, to)}/corrupt`;
  return {
    happens: site(label),
    count: site(`${label}-count`),
    bits: Array.from({ length: FLIPS_MAX }, (_, i) => site(`${label}-bit${i + 1}`)),
  };
}

/** Which bits of a frame to flip, each once, counted from the lowest of its first byte. A frame has some. */
export function chooseBits(
  sites: CorruptionSites,
  frameBytes: number,
  chooser: Chooser,
  cause: Cause,
  ordinal: number,
): number[] {
  const total = frameBytes * 8;
  const count = 1 + Math.floor(chooser.quantile(sites.count, cause, ordinal) * Math.min(FLIPS_MAX, total));
  const bits: number[] = [];
  for (const each of sites.bits.slice(0, count)) {
    let bit = Math.floor(chooser.quantile(each, cause, ordinal) * total);
    while (bits.includes(bit)) bit = (bit + 1) % total;
    bits.push(bit);
  }
  return bits;
}

/** A damaged copy: the sender may send its frame again, and to others. */
export function flipBits(frame: Uint8Array, bits: readonly number[]): Uint8Array {
  const damaged = frame.slice();
  for (const bit of bits) damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
  return damaged;
}
