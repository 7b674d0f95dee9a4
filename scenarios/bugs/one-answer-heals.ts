import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { createNodeHealth } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** One answer makes an unhealthy node healthy, so one that loses every other message is. */
export const oneAnswerHeals = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health(kit) {
        const health = createNodeHealth(kit.health);
        return createHealthProcess(kit, {
          ...health,
          recordSuccess: (node, latencyMs, wallMs) => ({
            ...health.recordSuccess(node, latencyMs, wallMs),
            status: "healthy",
          }),
        });
      },
    },
  },
});
