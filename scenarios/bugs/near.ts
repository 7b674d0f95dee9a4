import { createBoundedStaleness } from "./invariants/bounded-staleness.ts";
import { abd } from "../../src/policies/abd.ts";
import { promisesOf } from "../../src/operations/promises.ts";
import type { Surroundings } from "./plant.ts";

const nearCopies = { recordsMax: 1000, staleMsMax: 100 };

/** Clocks may be faster or slower than that by this share, and what they measure with them. */
const CLOCK_ERROR = 0.05;

export const nearStaleness = createBoundedStaleness(nearCopies.staleMsMax * (1 + CLOCK_ERROR));

/** Nodes that keep copies of what others own. */
export const NEAR: Surroundings = {
  options: { nearCopies },
  promises: [...promisesOf(abd.promises, { nearCopies }), nearStaleness.name],
};
