import type { KnownNames } from "../../../sim/run/load/load-names.ts";
import { alternatives } from "../../../sim/run/suggest.ts";
import { faultKinds } from "../../../sim/world/faults/index.ts";

/** The names that the tests' files may use, whatever systems and checkers there are. */
export const known: KnownNames = {
  systems: ["cache"],
  policies: ["seed", "abd"],
  invariants: ["linearizable", "no-expired-hit"],
};

/** Every kind of fault, as a problem lists them: "partition, crash, ... or reorder". */
export const anyKind = alternatives(faultKinds.map(({ kind }) => kind));
