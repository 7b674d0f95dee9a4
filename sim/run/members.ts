import type { Plan } from "./plan.ts";

/** What an operator asks of the system: who shall belong to the cluster from now on, besides those who do. */
export interface MembersChange {
  /** Spare machines, that are up. */
  readonly add: readonly string[];
  /** Members that are up. */
  readonly drain: readonly string[];
  /** Members that are gone, or might as well be. */
  readonly remove: readonly string[];
}

/** A change as a plan or a scenario states it. */
export type Moves = Omit<NonNullable<Plan["changes"]>[number], "atMs">;

interface Members {
  readonly cluster: Pick<Plan["cluster"], "machines" | "spares">;
  readonly changes?: Plan["changes"];
}

/** The machines that belong to the cluster when it starts, in the order of the plan. */
export function membersAtFirst({ cluster }: Pick<Members, "cluster">): readonly string[] {
  const { machines, spares = [] } = cluster;
  return spares.length === 0 ? machines : machines.filter((machine) => !spares.includes(machine));
}

/** Those that belong to it when all changes have been made. */
export function membersAtLast(plan: Members): readonly string[] {
  const members = new Set(membersAtFirst(plan));
  for (const change of plan.changes ?? []) {
    const { add, drain, remove } = changeOf(change);
    for (const machine of [...drain, ...remove]) members.delete(machine);
    for (const machine of add) members.add(machine);
  }
  return plan.cluster.machines.filter((machine) => members.has(machine));
}

export function changeOf({ add, drain, remove }: Moves): MembersChange {
  return { add: add ?? [], drain: drain ?? [], remove: remove ?? [] };
}
