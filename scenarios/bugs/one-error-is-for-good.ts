import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { createNodeHealth } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** No answer ever takes an error back. */
export const oneErrorIsForGood = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health(kit) {
        const health = createNodeHealth(kit.health);
        return createHealthProcess(kit, {
          ...health,
          recordSuccess(node, latencyMs, wallMs) {
            const { status, isSuspected, consecutiveErrors } = node;
            return {
              ...health.recordSuccess(node, latencyMs, wallMs),
              status,
              isSuspected,
              consecutiveErrors,
            };
          },
        });
      },
    },
  },
});
