import { quorum } from "../../src/policies/quorum.ts";
import { plant, withAsking } from "./plant.ts";

/** A copy that is kept for an owner counts as if the owner had it. */
export const countsHints = plant(quorum, {
  policy: withAsking(quorum, ({ request, needed }) =>
    request.type === "store" ? { needed: Math.max(1, needed - 1) } : {},
  ),
});
