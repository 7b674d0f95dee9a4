import { durationText } from "../../world/quantity-text.ts";
import { checkName, problem } from "./load-names.ts";
import type { Finding, Path } from "./load-problem.ts";
import { changeOf, membersAtFirst, type Moves } from "../members.ts";
import type { Plan } from "../plan.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** What is wrong with the changes of members of a plan. */
export function checkChanges(plan: Plan): Finding[] {
  const { changes = [], phases } = plan;
  const late = changes.flatMap(({ atMs }, index): Finding[] => {
    if (atMs <= phases.healMs) return [];
    const message = `expected at most phases.healMs (${phases.healMs}), got ${atMs}: it must be complete by the end`;
    return [problem(["changes", index, "atMs"], message)];
  });
  return [...late, ...checkMoves(plan.cluster, changes)];
}

/** The same for a scenario. */
export function checkScenarioChanges({ cluster, changes, phases }: Scenario): Finding[] {
  const late = changes.flatMap(({ at }, index): Finding[] => {
    if (at.max <= phases.safetyMs) return [];
    const message = `expected a time within the safety phase (${durationText(phases.safetyMs)}), got ${durationText(at.max)}`;
    return [problem(["changes", index, "at"], message)];
  });
  return [...late, ...checkMoves(cluster, changes)];
}

/** Who comes must not be there, who goes must be, and enough must stay. */
function checkMoves(cluster: Plan["cluster"], changes: readonly Moves[]): Finding[] {
  const members = new Set(membersAtFirst({ cluster }));
  return changes.flatMap((moves, index): Finding[] => {
    const path = ["changes", index];
    const change = changeOf(moves);
    const found: Finding[] = [];
    const check = (field: "add" | "drain" | "remove", isMember: boolean, what: string): void => {
      for (const [place, machine] of change[field].entries()) {
        const here: Path = [...path, field, place];
        const unknown = checkName(here, "machines", machine, cluster.machines);
        found.push(...unknown);
        if (unknown.length > 0) continue;
        if (members.has(machine) !== isMember) found.push(problem(here, `"${machine}" is ${what} by then`));
        if (isMember) members.delete(machine);
        else members.add(machine);
      }
    };
    check("drain", true, "no member");
    check("remove", true, "no member");
    check("add", false, "a member");
    if (change.add.length + change.drain.length + change.remove.length === 0) {
      found.push(problem(path, "names no machine: say whom to add, drain or remove"));
    }
    if (members.size < cluster.replication) {
      const message = `leaves ${members.size} members for a replication of ${cluster.replication}: add others at once`;
      found.push(problem(path, message));
    }
    return found;
  });
}
