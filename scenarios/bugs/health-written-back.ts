import { createHealthProcess } from "../../src/background/health.ts";
import { PROCESSES } from "../../src/background/start.ts";
import type { CacheState } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** What a round of pings found is written into the nodes as they were a round before, when it began to wait. */
export const healthWrittenBack = plant(abd, {
  parts: {
    processes: {
      ...PROCESSES,
      health(kit) {
        const { state } = kit;
        let taken: CacheState["nodes"] | null = null;
        return createHealthProcess({
          ...kit,
          state: {
            ...state,
            swap: (change) =>
              state.swap((current) => {
                const nodes = taken ?? current.nodes;
                taken = current.nodes;
                return change({ ...current, nodes });
              }),
          },
        });
      },
    },
  },
});
