import type { Plan } from "../../run/plan.ts";
import { type AnyFaultKind, type Fault, faultKind } from "../../world/faults/index.ts";
import type { Attempts } from "./attempts.ts";

/** Leaves out clients that do nothing, machines, and copies of each key. */
export async function removeMachines(attempts: Attempts): Promise<void> {
  const acting = new Set(attempts.plan.operations.map(({ client }) => client));
  await attempts.attempt({
    ...attempts.plan,
    clients: attempts.plan.clients.filter(({ id }) => acting.has(id)),
  });
  for (const machine of attempts.plan.cluster.machines.toReversed()) {
    const plan = withoutMachine(attempts.plan, machine);
    if (plan !== null) await attempts.attempt(plan);
  }
  while (attempts.plan.cluster.replication > 1) {
    const { cluster } = attempts.plan;
    const fewer = { ...cluster, replication: cluster.replication - 1 };
    if (!(await attempts.attempt({ ...attempts.plan, cluster: fewer }))) break;
  }
}

/** Its clients go to the first machine that is left. Null for the last machine. */
export function withoutMachine(plan: Plan, machine: string): Plan | null {
  const { cluster, clients, network } = plan;
  const machines = cluster.machines.filter((name) => name !== machine);
  const [home] = machines;
  if (home === undefined) return null;
  const zones = Object.entries(cluster.zones ?? {})
    .map(([zone, members]) => [zone, members.filter((name) => name !== machine)] as const)
    .filter(([, members]) => members.length > 0);
  const links = network.links?.filter(({ from, to }) => from !== machine && to !== machine);
  return {
    ...plan,
    cluster: {
      ...cluster,
      machines,
      replication: Math.min(cluster.replication, machines.length),
      ...(cluster.spares === undefined ? {} : { spares: cluster.spares.filter((name) => name !== machine) }),
      ...(cluster.zones === undefined ? {} : { zones: Object.fromEntries(zones) }),
    },
    clients: clients.map((client) => (client.machine === machine ? { ...client, machine: home } : client)),
    network: { ...network, ...(links === undefined ? {} : { links }) },
    faults: plan.faults.flatMap((fault) => faultWithout(fault, machine) ?? []),
  };
}

/** A fault with a machine taken out of its lists; null when it cannot do without. */
export function faultWithout(fault: Fault, machine: string): Fault | null {
  const isOfMachine = (item: unknown): boolean =>
    item === machine || (typeof item === "object" && (item as { machine?: unknown }).machine === machine);
  const fields = Object.entries(fault).map(
    ([name, value]) =>
      [name, Array.isArray(value) ? value.filter((item: unknown) => !isOfMachine(item)) : value] as const,
  );
  if (fields.some(([name, value]) => name !== "kind" && value === machine)) return null;
  const parsed = (faultKind(fault.kind) as AnyFaultKind).faultSchema.safeParse(Object.fromEntries(fields));
  return parsed.success ? (parsed.data as unknown as Fault) : null;
}
