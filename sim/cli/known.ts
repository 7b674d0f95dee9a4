import { invariants } from "../check/index.ts";
import { isPolicyFile } from "../run/policy-file.ts";
import type { KnownNames } from "../run/load/load-names.ts";
import { policyName, policyProblem } from "../run/policy-text.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { type Harness, namesOf } from "../search/harness.ts";
import { systems } from "../systems/index.ts";

/** What the command line works with. */
export const harness: Harness = { systems, invariants };

export const policies = systems.flatMap((system) => system.policies);

const policyNames = policies.map(({ name }) => name);

/** The names that files may use. */
export const knownNames: KnownNames = namesOf(harness);

/**
 * Nothing when the policy is known, or is a file of the user's; otherwise a line that says what could be meant.
 *
 * @param place where the name was given
 * @param replication of the scenario, where it is known
 */
export function policyProblems(place: string, policy: string, replication: number | null = null): string[] {
  const problem = policyProblem(policy, policies, replication);
  if (problem !== null) return [visible(`${place}: ${problem}`)];
  const name = policyName(policy);
  if (policyNames.includes(name) || isPolicyFile(name)) return [];
  const meant = didYouMean(name, policyNames);
  return [visible(`${place}: expected ${oneOf("policies", policyNames)}, got "${name}"${meant}`)];
}
