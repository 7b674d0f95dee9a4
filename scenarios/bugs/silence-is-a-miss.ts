import { ms } from "@phyxius/clock";
import { abd } from "../../src/policies/abd.ts";
import { plant, withNode } from "./plant.ts";

/** How long before the deadline it gives up, in milliseconds. */
const EARLY_MS = 50;

/** A get to which nobody answers ends as a miss. */
export const silenceIsAMiss = plant(abd, {
  policy: withNode(abd, (node, { clock }) => ({
    get(operation) {
      const patience = clock.sleep(ms(Math.max(1, operation.deadlineMs - EARLY_MS)));
      return Promise.race([node.get(operation), patience.then(() => null)]);
    },
  })),
});
