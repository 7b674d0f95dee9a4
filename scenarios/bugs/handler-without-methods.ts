import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { allProcesses } from "./processes.ts";

interface Upkeep {
  work(): void;
}

/** `this` in the handler of a background process is the handler: each message makes it fail. */
export const handlerWithoutMethods = plant(abd, {
  parts: {
    processes: allProcesses((process) => ({
      ...process,
      handle(this: unknown) {
        (this as Upkeep).work();
      },
    })),
  },
});
