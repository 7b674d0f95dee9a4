import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { forgetful } from "./stores.ts";

/** A delete leaves nothing behind, so what a replica missed comes back. */
export const noTombstone = plant(abd, {
  parts: { createStore: forgetful({ afterApply: ({ value }) => (value === null ? "drop" : "keep") }) },
});
