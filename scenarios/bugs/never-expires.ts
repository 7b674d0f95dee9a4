import { DEFAULT_LIMITS } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant, withNode } from "./plant.ts";

/** A time that is not a number is added to, and compared: every value is still live. */
export const neverExpires = plant(abd, {
  policy: withNode(abd, (node) => ({
    set: (operation, value) => node.set(operation, value, DEFAULT_LIMITS.ttlMsMax),
  })),
});
