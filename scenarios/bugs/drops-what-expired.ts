import { isLive } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";
import { forgetful } from "./stores.ts";

/** What has expired is dropped at once, and an older value that lives longer is found again behind it. */
export const dropsWhatExpired = plant(abd, {
  parts: {
    createStore: forgetful({
      beforeGet: (held, wallMs) => (held.value !== null && !isLive(held, wallMs) ? "drop" : "keep"),
      beforeApply: (held, wallMs) => (held.value !== null && !isLive(held, wallMs) ? "drop" : "keep"),
    }),
  },
});
