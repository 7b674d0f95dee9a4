import { lostWrites } from "../../check/measures/losses.ts";
import type { Plan, PlanOperation } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { type Finding } from "./finding.ts";
import { shareInterval } from "./intervals.ts";
import { machineNames } from "./quiet-plan.ts";

/**
 * What Jepsen's analyses found of acknowledged writes that are lost in a partition: none with a majority that confirms
 * each, about the share of the time with a primary that acknowledges alone and is replaced (Redis Sentinel: 56.4%).
 * Here two of three seconds are a partition that leaves one of three machines alone, and each client writes a key of
 * its own every time. What counts is the mechanism and the order, not the decimals.
 */
const POLICIES: readonly (readonly [policy: string, published: number, mechanism: string, atMost: number])[] =
  [
    ["abd", 0, "a majority confirms", 0],
    ["quorum", 0, "a majority confirms", 0],
    ["async-primary", 0.564, "a primary acknowledges alone", 1],
  ];
const SEEDS = 10;

export async function validateLostWrites(system: System): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [policy, published, mechanism, atMost] of POLICIES) {
    let lost = 0;
    let whole = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const figure = lostWrites(await run(planOf(system, policy, seed), { system, invariants: [] }));
      if (figure.kind !== "ratio") continue;
      lost += figure.part;
      whole += figure.whole;
    }
    const isAsPromised = lost / Math.max(1, whole) <= atMost;
    findings.push({
      table: "lost writes",
      what: `${policy}: ${mechanism}`,
      published,
      ours: lost / Math.max(1, whole),
      interval: shareInterval(lost, Math.max(1, whole)),
      by: "cache",
      verdict: atMost === 1 ? "shown" : isAsPromised ? "agrees" : "differs",
      ...(atMost === 1 && { remark: "hangs on how soon a new primary takes over; only the order counts" }),
    });
  }
  return findings;
}

function planOf(system: System, policy: string, seed: number): Plan {
  const machines = machineNames(3);
  const lonely = machines[seed % machines.length] as string;
  const operations: PlanOperation[] = [];
  for (let n = 0; n < 60; n++) {
    for (const machine of machines) {
      const id = `${machine}-${n}`;
      operations.push({ id, client: `c-${machine}`, atMs: n * 150, kind: "set", key: id, value: id });
      operations.push({ id: `audit-${id}`, client: "audit", atMs: 20_000, kind: "get", key: id });
    }
  }
  return {
    format: "cache-sim/plan",
    version: 1,
    scenario: "lost-writes",
    seed,
    system: system.name,
    policy,
    cluster: { machines, replication: 3 },
    network: { latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 }, loss: 0, duplicate: 0, reorder: 0 },
    clients: [
      ...machines.map((machine) => ({ id: `c-${machine}`, machine })),
      { id: "audit", machine: "n1" },
    ],
    deadlineMs: 1000,
    operations,
    faults: [
      {
        kind: "partition",
        startMs: 1500,
        endMs: 7500,
        shape: "isolate-one",
        left: [lonely],
        right: machines.filter((machine) => machine !== lonely),
      },
    ],
    phases: { healMs: 10_000, settleMs: 20_000, endMs: 40_000 },
    invariants: [],
  };
}
