import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { restatedBy } from "./restated.ts";

/** A deadline by another machine's monotonic clock is taken for one by this machine's. */
export const clocksNeverCompared = plant(abd, {
  parts: restatedBy(() => ({ deadline: (deadlineMs) => deadlineMs, span: (spanMs) => spanMs })),
});
