import type { Plan } from "./plan.ts";
import type { PolicyCard } from "./system.ts";

/** Ends promises that depend on delivery, where the network loses more for good than the policy allows for. */
export const LOSSY_NETWORK = "lossy-network";

/** The share of messages that the network loses, or delivers damaged, on its worst link, whatever faults there are. */
export function steadyLoss({ network }: Pick<Plan, "network">): number {
  const { crossZone, links = [] } = network;
  const worst = (field: "loss" | "corrupt"): number =>
    Math.max(...[network, crossZone, ...links].map((settings) => settings?.[field] ?? 0));
  const [loss, corrupt] = [worst("loss"), worst("corrupt")];
  return loss + corrupt - loss * corrupt;
}

/** Whether the network loses more than the policy allows for when it promises that operations end and copies converge. */
export function isBeyondLossBudget(plan: Pick<Plan, "network">, card: PolicyCard | undefined): boolean {
  const { lossMax = 1 } = card?.faultBudget ?? {};
  return steadyLoss(plan) > lossMax;
}
