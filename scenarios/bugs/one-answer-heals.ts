import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { NODE_HEALTH } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** One answer makes an unhealthy node healthy, so one that loses every other message is. */
export const oneAnswerHeals = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health: (kit) =>
        createHealthProcess(kit, {
          ...NODE_HEALTH,
          recordSuccess: (node, latencyMs, wallMs) => ({
            ...NODE_HEALTH.recordSuccess(node, latencyMs, wallMs),
            status: "healthy",
          }),
        }),
    },
  },
});
