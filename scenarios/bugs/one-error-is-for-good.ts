import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import { NODE_HEALTH } from "../../src/observe/node-health.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** No answer ever takes an error back. */
export const oneErrorIsForGood = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health: (kit) =>
        createHealthProcess(kit, {
          ...NODE_HEALTH,
          recordSuccess(node, latencyMs, wallMs) {
            const { status, consecutiveErrors } = node;
            return { ...NODE_HEALTH.recordSuccess(node, latencyMs, wallMs), status, consecutiveErrors };
          },
        }),
    },
  },
});
