import { htmlPage } from "../../sim/report/html/index.ts";
import type { Explanation } from "../../sim/report/explanation.ts";
import type { Plan } from "../../sim/run/plan.ts";
import type { Replay } from "../../sim/trace/replay.ts";
import { cachePlan, replayCache } from "./cache-plan.ts";

/**
 * Two clients write one key at the same moment, each to its own machine, and the policy `seed` lets the two writes
 * cross: from then on the key has two values. Later there are a partition, in which messages are lost, and a crash.
 * Messages take 5 ms each, so that everything has its exact place in the picture.
 */
export function splitPlan(changes: Partial<Plan> = {}): Plan {
  return cachePlan({
    policy: "seed",
    scenario: "split",
    operations: [
      { id: "c1#1", client: "c1", atMs: 100, kind: "set", key: "k", value: "before" },
      { id: "c1#2", client: "c1", atMs: 500, kind: "set", key: "k", value: "left" },
      { id: "c3#1", client: "c3", atMs: 500, kind: "set", key: "k", value: "right" },
      { id: "c2#1", client: "c2", atMs: 1000, kind: "set", key: "other", value: "lost" },
      { id: "c1#3", client: "c1", atMs: 3000, kind: "get", key: "k" },
      { id: "c3#2", client: "c3", atMs: 3200, kind: "get", key: "k" },
      { id: "c2#2", client: "c2", atMs: 3400, kind: "get", key: "<img src=x onerror=alert(1)>" },
    ],
    faults: [
      { kind: "partition", shape: "halves", left: ["n1"], right: ["n2", "n3"], startMs: 900, endMs: 2400 },
      { kind: "crash", machine: "n2", startMs: 3600, endMs: 3800 },
    ],
    ...changes,
  });
}

export async function splitPage(explanation?: Explanation): Promise<{ replayed: Replay; html: string }> {
  const replayed = await replayCache(splitPlan());
  const html = htmlPage(replayed, {
    command: "npx cache-sim replay split.plan.json",
    whyExpected: () => null,
    writer: { code: "1.2.3", node: "v20.19.0" },
    explanation,
  });
  return { replayed, html };
}
