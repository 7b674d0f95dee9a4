import { ms } from "@phyxius/clock";
import { noLateHit } from "./invariants/no-late-hit.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant, withNode } from "./plant.ts";

/** How long something else takes in between, in milliseconds. */
const ELSEWHERE_MS = 20;

/** Whether a value is live is asked before something is awaited, and not after it. */
export const expiryCheckedTooEarly = plant(
  abd,
  {
    policy: withNode(abd, (node, { clock }) => ({
      async get(operation) {
        const found = await node.get(operation);
        await clock.sleep(ms(ELSEWHERE_MS));
        return found;
      },
    })),
  },
  { promises: [...abd.promises, noLateHit.name] },
);
