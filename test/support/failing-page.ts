import { invariants } from "../../sim/check/index.ts";
import { type Explanation, explanationOf } from "../../sim/report/explanation.ts";
import { htmlPage, type PageOptions } from "../../sim/report/html/index.ts";
import { pagePayload } from "../../sim/report/html/page-payload.ts";
import type { PagePayload } from "../../sim/report/page/payload.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { explain, type Explanation as Explained } from "../../sim/search/explain.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
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

const OPTIONS: PageOptions = {
  command: "npx cache-sim replay split.plan.json",
  whyExpected: () => null,
  writer: { code: "1.2.3", node: "v20.19.0" },
};

export async function splitPage(): Promise<{ replayed: Replay; html: string }> {
  const replayed = await replayCache(splitPlan());
  return { replayed, html: htmlPage(replayed, OPTIONS) };
}

export interface ExplainedPage {
  readonly replayed: Replay;
  readonly explanation: Explanation;
  readonly payload: PagePayload;
  readonly html: string;
}

/**
 * The same with why its key is not linearizable. The odds are made up, since nothing in this plan is left to chance:
 * they jump at the two writes.
 */
export async function explainedSplitPage(): Promise<ExplainedPage> {
  const plan = splitPlan({ invariants: ["linearizable"] });
  const explained = await explain(plan, {
    harness: { systems: [cacheSystem], invariants },
    isMeant: ({ invariant }) => invariant === "linearizable",
    runs: 1,
  });
  if (explained === null) throw new Error("the plan passes");
  const odds = [
    { fromUs: 0, failures: 5, runs: 50 },
    { fromUs: 500_000, failures: 6, runs: 50 },
    { fromUs: 505_000, failures: 50, runs: 50 },
    { fromUs: Number.POSITIVE_INFINITY, failures: 50, runs: 50 },
  ] as const;
  const [, before, after] = odds;
  const jump = { atUs: before.fromUs, before, after, choices: [], decisive: null };
  const noReturn: Explained["noReturn"] = { odds, jump };
  const replayed = await replayCache(plan);
  const found = replayed.events.find(({ timeUs }) => timeUs === jump.atUs);
  const jumpEvent = found === undefined ? null : { ...found, event: found.index, reached: null };
  const explanation = explanationOf({ ...explained, noReturn, jumpEvent }, cacheSystem.tell ?? (() => null));
  const options = { ...OPTIONS, explanation };
  return {
    replayed,
    explanation,
    payload: pagePayload(replayed, options),
    html: htmlPage(replayed, options),
  };
}
