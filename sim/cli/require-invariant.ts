import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { harness } from "./known.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError when no invariant has the name that was given */
export function requireInvariant(invariant: string | undefined): void {
  const names = harness.invariants.map(({ name }) => name);
  if (invariant === undefined || names.includes(invariant)) return;
  const meant = didYouMean(invariant, names);
  throw new UsageError([
    visible(`--invariant: expected ${oneOf("invariants", names)}, got "${invariant}"${meant}`),
  ]);
}
