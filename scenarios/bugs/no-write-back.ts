import { abd } from "../../src/policies/abd.ts";
import { plant, withAsking } from "./plant.ts";

/** A read returns the newest of a majority's answers and leaves it at that. */
export const noWriteBack = plant(abd, {
  policy: withAsking(abd, ({ request }, { kind }) =>
    kind === "get" && request.type === "store" ? { targets: [], needed: 0, granted: undefined } : {},
  ),
});
