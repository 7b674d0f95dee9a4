import { regular } from "../../../sim/check/invariants/regular.ts";
import type { Invariant } from "../../../sim/run/invariant.ts";

/**
 * What a get finds was right at some moment within the last `staleMsMax`: its history is regular if every get is taken
 * to have been called that much earlier. (Δ-atomicity, of W. Golab, X. Li and M. Shah, "Analyzing consistency
 * properties for fun and profit", PODC 2011, with regular instead of atomic.)
 */
export function createBoundedStaleness(staleMsMax: number): Invariant {
  const staleUs = Math.round(staleMsMax * 1000);
  const name = "bounded-staleness";
  return {
    name,
    dependsOnClocks: true,
    summary: `No get returns a value that was replaced more than ${staleMsMax} ms before it began.`,
    check(run) {
      const history = run.history.map((operation) =>
        operation.kind === "get" ? { ...operation, callUs: operation.callUs - staleUs } : operation,
      );
      return regular.check({ ...run, history }).map((violation) => ({ ...violation, invariant: name }));
    },
  };
}
