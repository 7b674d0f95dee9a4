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

/** Every choice is as mild as it can be. */
export const mildestChooser: Chooser = { quantile: () => 0 };

/** How many of the choices given by hand there were in the run, and which were given for nothing. */
export interface HandSetChoices {
  readonly appliedCount: number;
  /** Identities, in the order in which they were given. */
  readonly notApplied: readonly string[];
}

export interface OverridingChooser extends Chooser {
  handSet(): HandSetChoices;
}

/** Choices given by hand win over `chooser`. */
export function createOverridingChooser(
  chooser: Chooser,
  overrides: Readonly<Record<string, number>>,
): OverridingChooser {
  const byIdentity = new Map(Object.entries(overrides));
  // The usual case, without a step in between.
  if (byIdentity.size === 0) return { ...chooser, handSet: () => ({ appliedCount: 0, notApplied: [] }) };
  const applied = new Set<string>();
  return {
    quantile(place, cause, ordinal) {
      const identity = choiceIdentity(place, cause, ordinal);
      const given = byIdentity.get(identity);
      if (given === undefined) return chooser.quantile(place, cause, ordinal);
      applied.add(identity);
      return given;
    },
    handSet: () => ({
      appliedCount: applied.size,
      notApplied: [...byIdentity.keys()].filter((identity) => !applied.has(identity)),
    }),
  };
}
