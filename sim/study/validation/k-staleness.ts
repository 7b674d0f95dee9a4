import type { PlanOperation } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { type Finding, judged } from "./finding.ts";
import { shareInterval } from "./intervals.ts";
import { machineNames, quietPlan } from "./quiet-plan.ts";

const ROUNDS = 2000;
const WITHIN = [1, 2, 3, 5, 10];
/** Longer than a round: what a write has not reached by then it does not reach before the read. */
const AWAY_MS = 10_000;

/**
 * P(a read finds one of the last k values) = 1 - (C(N-W, R) / C(N, R)) ^ k: each write reaches W random replicas, a read
 * asks R. Here N = 3, R = W = 1: for each operation one replica is near, and the others are so far that nothing
 * reaches them within a round, in which a key is written k times and then read.
 */
export async function validateStaleness(system: System): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const k of WITHIN) {
    const freshCount = await countFresh(system, k);
    const published = 1 - power(2 / 3, k);
    findings.push(
      judged({
        table: "k-staleness",
        what: `N=3 R=W=1: a read finds ${k === 1 ? "the last value" : `one of the last ${k} values`}`,
        published,
        ours: freshCount / ROUNDS,
        interval: shareInterval(freshCount, ROUNDS),
        by: "cache",
      }),
    );
  }
  return findings;
}

/** How many reads find one of the last k of a thousand-and-more writes: each round has keys of its own. */
async function countFresh(system: System, k: number): Promise<number> {
  const machines = machineNames(4);
  const replicas = machines.slice(1);
  const plan = quietPlan(system, {
    policy: "quorum(read=1,write=1)",
    cluster: { machines, replication: 3 },
    network: {
      latency: { kind: "constant", ms: 1 },
      loss: 0,
      duplicate: 0,
      reorder: 1,
      near: { machines: replicas, awayMs: AWAY_MS },
    },
  });
  const operations: PlanOperation[] = [];
  for (let round = 0, tried = 0; round < ROUNDS; tried++) {
    const key = `k${tried}`;
    if (system.owners(key, plan)?.includes("n1") === true) continue;
    round++;
    for (let write = 1; write <= k; write++) {
      operations.push({
        id: `w${round}.${write}`,
        client: "c",
        atMs: 0,
        kind: "set",
        key,
        value: `${round}.${write}`,
      });
    }
    operations.push({ id: `r${round}`, client: "c", atMs: 0, kind: "get", key });
  }
  const { record } = await run({ ...plan, operations }, { system, invariants: [] });
  return record.history.filter(({ kind, value }) => kind === "get" && value !== null).length;
}

function power(base: number, exponent: number): number {
  return Array.from({ length: exponent }).reduce((product: number) => product * base, 1);
}
