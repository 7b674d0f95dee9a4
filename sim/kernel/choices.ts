import type { Cause } from "./cause.ts";
import { finalize, keysFromSeed, mixInt, mixString } from "./mix.ts";

/** Where a choice is taken, such as `net/n1>n2/delay`. Make one when its owner is made, not for each choice. */
export interface Site {
  readonly label: string;
  readonly hash: number;
}

/**
 * Takes every choice of a run. A choice is a quantile: a number in [0, 1) that its site turns into a delay, a
 * loss or an order by an increasing function, so that 0 is always the mildest outcome and shrinking means
 * lowering.
 */
export interface Chooser {
  quantile(site: Site, cause: Cause, ordinal: number): number;
}

export function site(label: string): Site {
  return { label, hash: mixString(2, label) };
}

/** The name by which a plan overrides one choice: `net/n1>n2/delay c1#17 0`. */
export function choiceIdentity(place: Site, cause: Cause, ordinal: number): string {
  return `${place.label} ${cause.label} ${ordinal}`;
}

const TWO_TO_32 = 4294967296;

/** The value is a pure function of the seed and the choice's identity. */
export function createSeededChooser(seed: number): Chooser {
  const { k0, k1 } = keysFromSeed(seed);
  return {
    quantile: (place, cause, ordinal) =>
      finalize(mixInt(mixInt(place.hash ^ k0, cause.hash ^ k1), ordinal)) / TWO_TO_32,
  };
}

/** Choices given by hand win over `chooser`. */
export function createOverridingChooser(
  chooser: Chooser,
  overrides: Readonly<Record<string, number>>,
): Chooser {
  const byIdentity = new Map(Object.entries(overrides));
  if (byIdentity.size === 0) return chooser;
  return {
    quantile: (place, cause, ordinal) =>
      byIdentity.get(choiceIdentity(place, cause, ordinal)) ?? chooser.quantile(place, cause, ordinal),
  };
}
