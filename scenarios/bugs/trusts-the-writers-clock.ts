import { abd } from "../../src/policies/abd.ts";
import { createAbsoluteTtlClock } from "../../src/ttl/ttl-clock.ts";
import { plant, withKit } from "./plant.ts";

/** A value's end, by the clock of whoever wrote it, is compared with this node's clock as if both were one. */
export const trustsTheWritersClock = plant(abd, {
  policy: withKit(abd, ({ clock }) => ({ ttl: createAbsoluteTtlClock(clock, 0) })),
});
