import { isInvariantFile } from "../run/invariant-file.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { invariantsOf, systemOf } from "../search/harness.ts";
import type { Replayable } from "./load-replayable.ts";
import { UsageError } from "./usage-error.ts";
import { invariantPath } from "./user-policies.ts";

/**
 * The invariant that was asked for, as violations name it: a file by its path from the current folder.
 *
 * @throws UsageError when no invariant has the name that was given
 */
export function requireInvariant(
  invariant: string | undefined,
  cwd: string,
  { plan, harness }: Replayable,
): string | undefined {
  const names = invariantsOf(harness, systemOf(harness, plan)).map(({ name }) => name);
  if (invariant === undefined || names.includes(invariant)) return invariant;
  if (isInvariantFile(invariant)) return invariantPath(invariant, cwd);
  const meant = didYouMean(invariant, names);
  throw new UsageError([
    visible(`--invariant: expected ${oneOf("invariants", names)}, got "${invariant}"${meant}`),
  ]);
}

/** @throws UsageError unless they are files: the invariants that have names are checked without being asked for */
export function requireInvariantFiles(invariants: readonly string[], cwd: string): string[] {
  const other = invariants.find((invariant) => !isInvariantFile(invariant));
  if (other === undefined) return invariants.map((invariant) => invariantPath(invariant, cwd));
  throw new UsageError([
    visible(`--invariant: expected the path of a file, such as ./my-invariant.ts, got "${other}"`),
  ]);
}
