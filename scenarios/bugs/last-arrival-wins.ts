import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { forgetful } from "./stores.ts";

/** A replica keeps what came last, whatever its version. */
export const lastArrivalWins = plant(abd, {
  parts: { createStore: forgetful({ beforeApply: () => "drop" }) },
});
