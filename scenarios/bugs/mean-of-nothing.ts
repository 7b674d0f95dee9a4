import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { NODE_HEALTH } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** The first mean latency is taken of the first measurement and of none, so it is no number, and none follows. */
export const meanOfNothing = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health: (kit) =>
        createHealthProcess(kit, {
          ...NODE_HEALTH,
          recordSuccess: (node, latencyMs, wallMs) => ({
            ...NODE_HEALTH.recordSuccess(node, latencyMs, wallMs),
            avgLatencyMs: ((node.avgLatencyMs ?? Number.NaN) + latencyMs) / 2,
          }),
        }),
    },
  },
});
