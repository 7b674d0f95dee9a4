import { createOperations } from "../../src/operations/operations.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** A write that was not confirmed in time counts as failed, though some replicas have stored it. */
export const failedButStored = plant(abd, {
  parts: {
    createOperations(options) {
      const operations = createOperations(options);
      return {
        ...operations,
        run: (operation, work) =>
          operations.run(operation, work).catch((error: unknown) => {
            operation.mayHaveHappened = false;
            throw error;
          }),
      };
    },
  },
});
