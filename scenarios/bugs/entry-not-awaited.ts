import { createEmit } from "../../src/node/audit.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** How long an entry takes, in steps of waiting. */
const STEPS = 50;

/**
 * Entries of the audit log are written from within a change of the state, and nobody waits for them: one that begins
 * while another is under way fails, and nobody hears of it.
 */
export const entryNotAwaited = plant(abd, {
  parts: {
    createEmit(state, journal, subscriptions) {
      const emit = createEmit(state, journal, subscriptions);
      let isWriting = false;

      async function append(event: Parameters<typeof emit>[0]): Promise<void> {
        if (isWriting) throw new Error("the log is being written");
        isWriting = true;
        for (let step = 0; step < STEPS; step++) await Promise.resolve();
        emit(event);
        isWriting = false;
      }

      return (event) => {
        state.swap((current) => {
          append(event).catch(() => {});
          return current;
        });
      };
    },
  },
});
