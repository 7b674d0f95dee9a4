import { UnavailableError } from "../../src/index.ts";
import { createEmit } from "../../src/node/audit.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** Every so many entries the log fails, as one does whose disk is slow or full at times. */
const FAILS_EVERY = 7;

/** What has happened turns into an error when it cannot be written to the audit log. */
export const logFailureFailsTheWrite = plant(abd, {
  parts: {
    createEmit(...args) {
      const emit = createEmit(...args);
      let entries = 0;
      return (event) => {
        if (event.operation !== null && ++entries % FAILS_EVERY === 0) {
          throw new UnavailableError("the audit log cannot be written");
        }
        emit(event);
      };
    },
  },
});
