import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { restatedBy } from "./restated.ts";

/** What is left of a value's time counts from when the message comes, not from when it was sent. */
export const ageFromItsArrival = plant(abd, {
  parts: restatedBy((sentMs, nowMs) => ({
    deadline: (deadlineMs) => nowMs + (deadlineMs - sentMs),
    span: (spanMs) => spanMs,
  })),
});
