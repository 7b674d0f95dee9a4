import { abd } from "../../src/policies/abd.ts";
import { plant, withAsking } from "./plant.ts";

/** A read is content with one answer, a write with two of three: they need not share an owner. */
export const readTakesOneAnswer = plant(abd, {
  policy: withAsking(abd, ({ request }, { kind }) =>
    kind === "get" && request.type === "read" ? { needed: 1 } : {},
  ),
});
