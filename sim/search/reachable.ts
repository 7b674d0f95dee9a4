import { parsePolicy } from "../run/policy-text.ts";
import type { FoundPolicy } from "./harness.ts";
import type { Job } from "./job.ts";

/**
 * What runs of a job could exercise, as the features of `Behaviour`, sorted: the faults that the scenario has, and of the
 * system's hook points and messages those that the policy may come to and for which the scenario has what they need.
 */
export function reachableIn(
  { scenario, policy }: Pick<Job, "scenario" | "policy">,
  { system, card }: FoundPolicy,
): string[] {
  const parameters = parsePolicy(policy)?.parameters ?? {};
  const { detours = {}, probes = {}, crashpoints = {}, needs = {} } = system.hooks ?? {};
  const isOffered = (need: string | undefined): boolean => {
    if (need === undefined) return true;
    if (need === "changes") return scenario.changes.length > 0;
    if (need === "grace") return scenario.timing?.["graceMs"] !== undefined;
    return need === "ttl" ? scenario.workload.ttl !== undefined : (parameters[need] ?? 0) > 0;
  };
  const named = (kind: string, names: readonly string[]): string[] =>
    names
      .filter((name) => (card.reach?.includes(name) ?? true) && isOffered(needs[name]))
      .map((name) => `${kind}/${name}`);
  const ambushes = scenario.faults.filter(({ kind }) => kind === "crash-point");
  return [
    ...new Set([
      ...scenario.faults.map(({ kind }) => `fault/${kind}`),
      ...named("detour", scenario.detours.share > 0 ? Object.keys(detours) : []),
      ...named("probe", Object.keys(probes)),
      ...named("message", system.messages ?? []),
      ...named("state", scenario.faults.length > 0 ? (system.stateChanges ?? []) : []),
      ...named("crash point", ambushes.length > 0 ? Object.keys(crashpoints) : []),
    ]),
  ].sort();
}
