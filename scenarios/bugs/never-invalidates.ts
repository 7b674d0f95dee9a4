import { createWatches } from "../../src/near/watches.ts";
import { abd } from "../../src/policies/abd.ts";
import { NEAR } from "./near.ts";
import { plant } from "./plant.ts";

/** Owners do not tell those who have copies that a key has changed. */
export const neverInvalidates = plant(
  abd,
  { parts: { createWatches: (options) => ({ ...createWatches(options), noteHeld() {} }) } },
  NEAR,
);
