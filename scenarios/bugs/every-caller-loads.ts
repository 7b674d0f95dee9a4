import { createLoading } from "../../src/operations/loading.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** Callers who miss the same key at the same time each load it. */
export const everyCallerLoads = plant(abd, {
  parts: {
    createLoading(...args) {
      const loading = createLoading(...args);
      return {
        noteWrite: (key) => loading.noteWrite(key),
        load: (request) => createLoading(...args).load(request),
      };
    },
  },
});
