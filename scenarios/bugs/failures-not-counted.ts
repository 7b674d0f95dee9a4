import { createClientOperations } from "../../src/operations/client-operations.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** What went wrong is not among the statistics. */
export const failuresNotCounted = plant(abd, {
  parts: {
    createClientOperations(node, ...rest) {
      const { state } = node;
      const forgetting: typeof state = {
        ...state,
        swap: (change) =>
          state.swap((current) => {
            const next = change(current);
            const { getErrors, writeErrors } = current.stats;
            return { ...next, stats: { ...next.stats, getErrors, writeErrors } };
          }),
      };
      return createClientOperations({ ...node, state: forgetting }, ...rest);
    },
  },
});
