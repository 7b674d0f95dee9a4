import type { KnownNames } from "../../../sim/run/load-names.ts";

/** The names that the tests' files may use, whatever systems and checkers there are. */
export const known: KnownNames = {
  systems: ["cache"],
  policies: ["seed", "abd"],
  invariants: ["linearizable", "no-expired-hit"],
};
