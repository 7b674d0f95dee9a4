import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { allProcesses } from "./processes.ts";

/** Nobody ever sends the background processes a message. */
export const neverScheduled = plant(abd, {
  parts: { processes: allProcesses((process) => ({ ...process, init: () => undefined })) },
});
