import type { Plan } from "../../run/plan.ts";
import type { Attempts } from "./attempts.ts";

export type Edit = (plan: Plan) => Plan;

/** Makes the network and the disks as plain as they can be, everything at once first. */
export async function simplifyWorld(attempts: Attempts): Promise<void> {
  if (await attempts.attempt(plainerWorlds.reduce((plan, edit) => edit(plan), attempts.plan))) return;
  for (const edit of plainerWorlds) await attempts.attempt(edit(attempts.plan));
}

const inMemory: Edit = (plan) => {
  const { durability: _, ...cluster } = plan.cluster;
  return { ...usualDisk(plan), cluster };
};

/** The sync of a disk takes 1 ms then. */
const usualDisk: Edit = (given) => {
  const { disk: _, ...plan } = given;
  return plan;
};

const noZones: Edit = (plan) => {
  const { zones: _, ...cluster } = plan.cluster;
  const { crossZone: __, ...network } = plan.network;
  return { ...plan, cluster, network };
};

const sameBetweenZones: Edit = (plan) => {
  const { crossZone: _, ...network } = plan.network;
  return { ...plan, network };
};

const sameOnAllLinks: Edit = (plan) => {
  const { links: _, ...network } = plan.network;
  return { ...plan, network };
};

const boundless: Edit = (plan) => {
  const { bytesPerSecond: _, queueBytes: __, ...network } = plan.network;
  return { ...plan, network };
};

const faithful: Edit = (plan) => {
  const { corrupt: _, ...network } = plan.network;
  return { ...plan, network: { ...network, loss: 0, duplicate: 0, reorder: 0 } };
};

const constantLatency: Edit = (plan) => ({
  ...plan,
  network: { ...plan.network, latency: { kind: "constant", ms: 1 } },
});

export const plainerWorlds: readonly Edit[] = [
  inMemory,
  usualDisk,
  noZones,
  sameBetweenZones,
  sameOnAllLinks,
  boundless,
  faithful,
  constantLatency,
];
