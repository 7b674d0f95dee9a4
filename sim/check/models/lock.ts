import { callOf, canonicalText } from "./call.ts";
import { defineModel, type Model } from "./model.ts";

/** Who holds it, as text; null while nobody does. */
type State = string | null;

/** Whoever gives no name is nobody in particular. */
export const lock: Model = defineModel<State>({
  name: "lock",
  summary: "Held by one at a time; acquire and release may name the holder, who alone can release.",
  names: { acquire: "acquire", lock: "acquire", release: "release", unlock: "release" },
  queries: [],
  initial: (given) => (given === undefined || given === null ? null : canonicalText(given)),
  prepare: (operation, f) => (operation.result === "fail" ? null : { ...callOf(operation, f), output: null }),
  step(state, { f, input }) {
    const holder = canonicalText(input);
    if (f === "acquire") return state === null ? holder : undefined;
    return state === holder ? null : undefined;
  },
  identify: (state) => (state === null ? "free" : `held by ${state}`),
});
