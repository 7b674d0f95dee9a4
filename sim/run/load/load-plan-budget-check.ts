import { type AnyFaultKind, faultKind, outagesOf } from "../../world/faults/index.ts";
import { problem } from "./load-names.ts";
import type { Finding } from "./load-problem.ts";
import { clusterOf, type Plan } from "../plan.ts";
import { minorityOf } from "../scenario/scenario.ts";

/**
 * Faults after which no system could have kept what it acknowledged: more machines are down at once, and lose what
 * they stored, than a majority of the replicas can do without. Whether a machine that is up again has had the time to
 * catch up, only the scenario knows.
 */
export function checkForgetting(plan: Plan): Finding[] {
  const cluster = clusterOf(plan);
  const most = minorityOf(plan.cluster.replication);
  const outages = plan.faults.flatMap((fault, index) => {
    const kind = faultKind(fault.kind) as AnyFaultKind;
    const forgotten = new Set(kind.forgets(fault, cluster));
    return outagesOf(kind, fault, cluster).flatMap((outage) =>
      forgotten.has(outage.machine) ? [{ ...outage, index }] : [],
    );
  });
  outages.sort((a, b) => a.startMs - b.startMs || a.index - b.index);
  for (const [place, { startMs, index }] of outages.entries()) {
    const down = outages.slice(0, place + 1).filter(({ endMs }) => endMs >= startMs);
    const machines = [...new Set(down.map(({ machine }) => machine))];
    if (machines.length <= most) continue;
    const message =
      `expected at most ${most} at once that lose what they stored, and at ${startMs} ms it is ` +
      `${machines.join(", ")}: of ${plan.cluster.replication} replicas a majority must remember, or no system could ` +
      "keep what it acknowledged";
    return [problem(["faults", index, "startMs"], message)];
  }
  return [];
}
