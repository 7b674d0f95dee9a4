import { invariants } from "../../sim/check/index.ts";
import type { Outcome } from "../../sim/run/outcome.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { replay, type Replay } from "../../sim/trace/replay.ts";

/** A plan for the cache on three machines that all hold every key, with messages that take 5 ms each. */
export function cachePlan(changes: Partial<Plan> = {}): Plan {
  return {
    format: "cache-sim/plan",
    version: 1,
    scenario: "test",
    seed: 1,
    system: "cache",
    policy: "abd",
    cluster: { machines: ["n1", "n2", "n3"], replication: 3 },
    network: { latency: { kind: "constant", ms: 5 }, loss: 0, duplicate: 0, reorder: 0 },
    clients: [
      { id: "c1", machine: "n1" },
      { id: "c2", machine: "n2" },
      { id: "c3", machine: "n3" },
    ],
    deadlineMs: 1000,
    operations: [],
    faults: [],
    phases: { healMs: 4000, settleMs: 5000, endMs: 6000 },
    invariants: [],
    ...changes,
  };
}

/** Replays it with every check. */
export function replayCache(plan: Plan): Promise<Replay> {
  return replay(plan, { system: cacheSystem, invariants });
}

/** What became of each operation: the value of a get, "miss", or how else it ended. */
export function endings({ record }: Outcome): Record<string, string> {
  return Object.fromEntries(
    record.history.map(({ id, kind, result, value }) => [
      id,
      result === "ok" && kind === "get" ? (value ?? "miss") : result,
    ]),
  );
}
