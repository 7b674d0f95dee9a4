import { abd } from "../../src/policies/abd.ts";
import { createCatchUp } from "../../src/replication/catch-up.ts";
import { plant } from "./plant.ts";

/** Nobody compares replicas, and a node that comes back empty goes on as if it had always been so. */
export const neverRepairs = plant(abd, {
  policy: { ...abd, background: ["expiry", "health", "statistics"] },
  parts: {
    createCatchUp: (...args) => ({
      ...createCatchUp(...args),
      isDone: () => true,
      mayVote: () => true,
      mayVoteOnMembers: () => true,
      missing: () => [],
    }),
  },
});
