import type { Invariant } from "../../run/invariant.ts";
import { time } from "../wording.ts";

/**
 * Nothing grows beyond its bound: neither what a machine stores nor what it keeps for its own use. Each machine that
 * says how full it is (`Gauge`) is asked whenever it ends an operation, when it crashes, and when the run ends.
 *
 * One violation for each life and bound, with the highest level that was seen.
 */
export const bounds: Invariant = {
  name: "bounds",
  isPrefixClosed: true,
  summary: "Nothing that a machine keeps grows beyond the bound that it was given.",
  check: ({ accounts }) =>
    accounts.flatMap(({ machine, incarnation, peaks }) =>
      peaks
        .filter(({ level, max }) => !(level <= max))
        .map(({ name, level, max, atUs }) => ({
          invariant: "bounds",
          key: null,
          summary: `${machine}, in life ${incarnation}, had ${level} ${name} at ${time(atUs)}; its bound is ${max}`,
          operations: [],
          notes: [],
        })),
    ),
};
