import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { createNodeHealth } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** The first mean latency is taken of the first measurement and of none, so it is no number, and none follows. */
export const meanOfNothing = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health(kit) {
        const health = createNodeHealth(kit.health);
        return createHealthProcess(kit, {
          ...health,
          recordSuccess: (node, latencyMs, wallMs) => ({
            ...health.recordSuccess(node, latencyMs, wallMs),
            avgLatencyMs: ((node.avgLatencyMs ?? Number.NaN) + latencyMs) / 2,
          }),
        });
      },
    },
  },
});
