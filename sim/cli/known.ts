import { invariants } from "../check/index.ts";
import { isPolicyFile } from "../run/policy-file.ts";
import type { KnownNames } from "../run/load-names.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import type { Harness } from "../search/harness.ts";
import { systems } from "../systems/index.ts";

/** What the command line works with. */
export const harness: Harness = { systems, invariants };

export const policies = systems.flatMap((system) => system.policies);

const policyNames = policies.map(({ name }) => name);

/** The names that files may use. */
export const knownNames: KnownNames = {
  systems: systems.map(({ name }) => name),
  policies: policyNames,
  invariants: invariants.map(({ name }) => name),
};

/**
 * Nothing when the policy is known, or is a file of the user's; otherwise a line that says what could be meant.
 *
 * @param place where the name was given
 */
export function policyProblems(place: string, policy: string): string[] {
  if (policyNames.includes(policy) || isPolicyFile(policy)) return [];
  const meant = didYouMean(policy, policyNames);
  return [visible(`${place}: expected ${oneOf("policies", policyNames)}, got "${policy}"${meant}`)];
}
