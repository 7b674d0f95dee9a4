import type { Plan } from "../../sim/run/plan.ts";

/** A small plan for the toy system, on three machines. */
export function toyPlan(changes: Partial<Plan> = {}): Plan {
  const operations: Plan["operations"] = [];
  for (let n = 1; n <= 20; n++) {
    for (const client of ["c1", "c2", "c3"]) {
      const id = `${client}#${n}`;
      operations.push(
        n % 2 === 0
          ? { id, client, atMs: n * 20, kind: "get", key: `k${n % 3}` }
          : { id, client, atMs: n * 20, kind: "set", key: `k${n % 3}`, value: `${client}:${n}` },
      );
    }
  }
  return {
    format: "cache-sim/plan",
    version: 1,
    scenario: "toy",
    seed: 1,
    system: "toy",
    policy: "central",
    cluster: { machines: ["n1", "n2", "n3"], replication: 1 },
    network: { latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 }, loss: 0, duplicate: 0, reorder: 0 },
    clients: [
      { id: "c1", machine: "n1" },
      { id: "c2", machine: "n2" },
      { id: "c3", machine: "n3" },
    ],
    deadlineMs: 500,
    operations,
    faults: [],
    phases: { healMs: 600, settleMs: 800, endMs: 1000 },
    invariants: [],
    ...changes,
  };
}
