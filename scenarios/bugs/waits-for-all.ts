import { abd } from "../../src/policies/abd.ts";
import { plant, withAsking } from "./plant.ts";

/** A write waits for all of its owners, however long. */
export const waitsForAll = plant(abd, {
  policy: {
    ...withAsking(abd, ({ request }, { kind }, { placement }) =>
      kind !== "get" && request.type === "store" ? { needed: placement.replication } : {},
    ),
    honoursDeadlines: false,
  },
});
