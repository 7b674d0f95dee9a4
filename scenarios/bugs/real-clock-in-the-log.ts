import { createEmit } from "../../src/node/audit.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** Entries of the audit log are stamped with the time of the real world. */
export const realClockInTheLog = plant(abd, {
  parts: {
    createEmit(...args) {
      const emit = createEmit(...args);
      return (event) => {
        const stamped = { ...event, writtenAtMs: Date.now() };
        emit(stamped);
      };
    },
  },
});
