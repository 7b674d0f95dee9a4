import { abd } from "../../src/policies/abd.ts";
import { createCatchUp } from "../../src/replication/catch-up.ts";
import { plant } from "./plant.ts";

/** A replica that came back empty answers and confirms before it has caught up. */
export const votesAtOnce = plant(abd, {
  parts: { createCatchUp: (...args) => ({ ...createCatchUp(...args), mayVote: () => true }) },
});
