import type { KnownNames } from "../../../sim/run/load-names.ts";
import { faultKinds } from "../../../sim/world/faults/index.ts";

/** The names that the tests' files may use, whatever systems and checkers there are. */
export const known: KnownNames = {
  systems: ["cache"],
  policies: ["seed", "abd"],
  invariants: ["linearizable", "no-expired-hit"],
};

/** As a message lists them: "partition, crash or slow". */
export const listedKinds = faultKinds
  .map(({ kind }) => kind)
  .join(", ")
  .replace(/, ([^,]*)$/, " or $1");
