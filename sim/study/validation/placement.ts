import type { System } from "../../run/system.ts";
import { type Finding, judged } from "./finding.ts";
import { machineNames, quietPlan } from "./quiet-plan.ts";
import { shareInterval } from "./intervals.ts";

const KEYS = 20_000;
const NODES = [3, 10, 30];

/**
 * Rendezvous hashing: each key falls on each of n nodes alike, so their shares differ as those of K throws do, with a
 * coefficient of variation of √((n-1)/K) (a ring with V virtual nodes adds about 1/√V to that); and a node that joins n
 * others takes 1/(n+1) of the keys.
 */
export function validatePlacement(system: System): Finding[] {
  return NODES.flatMap((nodes) => {
    const before = ownersOf(system, nodes);
    const after = ownersOf(system, nodes + 1);
    const moved = before.filter((owner, key) => owner !== after[key]).length;
    return [
      balance(nodes, before),
      judged({
        table: "placement",
        what: `share of the keys that move when a node joins ${nodes}`,
        published: 1 / (nodes + 1),
        ours: moved / KEYS,
        interval: shareInterval(moved, KEYS),
        by: "cache",
      }),
    ];
  });
}

function balance(nodes: number, owners: readonly string[]): Finding {
  const counts = new Map<string, number>();
  for (const owner of owners) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const mean = KEYS / nodes;
  const squares = machineNames(nodes).reduce((sum, node) => {
    const off = (counts.get(node) ?? 0) - mean;
    return sum + off * off;
  }, 0);
  const published = Math.sqrt((nodes - 1) / KEYS);
  const ours = Math.sqrt(squares / nodes) / mean;
  // The sum of squares is a chi-square with n - 1 degrees of freedom: its root is within four deviations of its mean.
  const spread = 4 * (ours / Math.sqrt(2 * (nodes - 1)));
  const interval = { low: Math.max(0, ours - spread), high: ours + spread };
  const what = `coefficient of variation of the load of ${nodes} nodes, ${KEYS} keys`;
  return judged({ table: "placement", what, published, ours, interval, by: "cache" });
}

function ownersOf(system: System, nodes: number): string[] {
  const plan = quietPlan(system, {
    policy: "quorum",
    cluster: { machines: machineNames(nodes), replication: 1 },
  });
  return Array.from({ length: KEYS }, (_, key) => system.owners(`key-${key}`, plan)?.[0] ?? "");
}
