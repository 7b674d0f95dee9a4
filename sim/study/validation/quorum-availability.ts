import type { Plan } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { type Finding, judged } from "./finding.ts";
import { machineNames, quietPlan } from "./quiet-plan.ts";

/** Majority quorums, each node failing with a probability of 1%: how often there is none. */
const PUBLISHED: readonly (readonly [nodes: number, unavailable: number])[] = [
  [3, 2.98e-4],
  [4, 5.92e-4],
  [5, 9.85e-6],
];
const FAILURE = 0.01;
const DEADLINE_MS = 1000;

/**
 * Every set of nodes that may have failed is tried, and counts as often as it comes about: so the result is exact. A
 * node has failed when nobody reaches it; a client at another one then writes.
 */
export async function validateAvailability(system: System): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [nodes, published] of PUBLISHED) {
    let ours = 0;
    for (let failed = 0; failed < 1 << nodes; failed++) {
      const isAvailable = await canWrite(system, nodes, failed);
      if (!isAvailable) ours += probability(nodes, failed);
    }
    // The published figures have three digits.
    const interval = { low: ours * 0.995, high: ours * 1.005 };
    const what = `no majority of ${nodes}, nodes failing with p = .01`;
    findings.push(judged({ table: "quorums", what, published, ours, interval, by: "cache" }));
  }
  return findings;
}

function probability(nodes: number, failed: number): number {
  let product = 1;
  for (let node = 0; node < nodes; node++) product *= (failed >> node) & 1 ? FAILURE : 1 - FAILURE;
  return product;
}

async function canWrite(system: System, nodes: number, failed: number): Promise<boolean> {
  const owners = machineNames(nodes);
  const down = owners.filter((_, node) => ((failed >> node) & 1) === 1);
  const up = owners.filter((machine) => !down.includes(machine));
  const [coordinator] = up;
  // Nobody is left to ask.
  if (coordinator === undefined) return false;
  const phases = { healMs: 10_000, settleMs: 10_000, endMs: 10_000 };
  const cut: Plan["faults"] = [
    { kind: "partition", startMs: 0, endMs: 10_000, shape: "halves", left: up, right: down },
  ];
  const plan = quietPlan(system, {
    policy: "quorum",
    cluster: { machines: owners, replication: nodes },
    clients: [{ id: "c", machine: coordinator }],
    deadlineMs: DEADLINE_MS,
    phases,
    faults: down.length === 0 ? [] : cut,
    operations: [{ id: "w", client: "c", atMs: 10, kind: "set", key: "k", value: "v" }],
  });
  const { record } = await run(plan, { system, invariants: [] });
  return record.history.some(({ result }) => result === "ok");
}
