import type { Plan, PlanOperation } from "../../run/plan.ts";
import { run } from "../../run/run.ts";
import type { System } from "../../run/system.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import { quietPlan } from "./quiet-plan.ts";
import { type PbsModel, pbsNetwork } from "./pbs-models.ts";

/**
 * Writing and then reading a key, by the cache itself: a client at a machine that holds no copy sets a key of its own
 * for the trial, and gets it so long after the set was acknowledged. The read is consistent when it finds the value.
 *
 * A trial's delays hang on its seed and its operations alone. So the same trial can be run again with another wait, and
 * nothing else is different: whether it is consistent is a step function of the wait, whose edge is searched by halving.
 */
export interface PbsSetting {
  readonly model: PbsModel;
  readonly read: number;
  readonly write: number;
  readonly seed: number;
}

export interface PbsTrials {
  readonly readMs: readonly number[];
  readonly writeMs: readonly number[];
  readonly consistent: readonly boolean[];
}

const COORDINATOR = "n1";
const REPLICAS = ["n2", "n3", "n4"] as const;
const TRIALS_PER_RUN = 1000;
/** Far more than a write and a read take, but for one in a thousand; what is not over by the end is an error. */
const TRIAL_MS = 1000;
const FEW = 30;

/** Each trial is one number, and waits so long (ms) between the end of its set and its get. */
export async function runTrials(
  system: System,
  setting: PbsSetting,
  trials: readonly number[],
  waitMs: (trial: number) => number,
): Promise<PbsTrials> {
  const results = { readMs: [] as number[], writeMs: [] as number[], consistent: [] as boolean[] };
  let next = 0;
  while (next < trials.length) {
    // All trials of a run have its seed, whichever of them are run.
    const group = Math.floor((trials[next] as number) / TRIALS_PER_RUN);
    const first = next;
    while (next < trials.length && Math.floor((trials[next] as number) / TRIALS_PER_RUN) === group) next++;
    const plan = planOf(system, setting, group, trials.slice(first, next), waitMs);
    const { record } = await run(plan, { system, invariants: [] });
    for (const { kind, value, result, callUs, returnUs, id } of record.history) {
      if (result !== "ok") throw new Error(`validation: ${id} under ${plan.policy} ended with "${result}"`);
      const list = kind === "get" ? results.readMs : results.writeMs;
      list.push((returnUs - callUs) / 1000);
      if (kind === "get") results.consistent.push(value !== null);
    }
  }
  return results;
}

function planOf(
  system: System,
  { model, read, write, seed }: PbsSetting,
  group: number,
  trials: readonly number[],
  waitMs: (trial: number) => number,
): Plan {
  // An idle machine still does things now and then, so a run must not last for ever.
  const endMs = Math.ceil(
    TRIAL_MS * (trials.length + FEW) + trials.reduce((sum, trial) => sum + waitMs(trial), 0),
  );
  const plan = quietPlan(system, {
    phases: { healMs: endMs, settleMs: endMs, endMs },
    scenario: "pbs",
    seed: seed + group,
    policy: `quorum(read=${read},write=${write})`,
    cluster: { machines: [COORDINATOR, ...REPLICAS], replication: REPLICAS.length },
    network: pbsNetwork(model, REPLICAS),
  });
  return { ...plan, operations: trials.flatMap((trial) => operationsOf(system, plan, trial, waitMs(trial))) };
}

function operationsOf(system: System, plan: Plan, trial: number, waitMs: number): PlanOperation[] {
  const key = keyOf(system, plan, trial);
  const each = { client: "c", atMs: 0, key };
  return [
    { ...each, id: `w${trial}`, kind: "set", value: `v${trial}` },
    { ...each, id: `r${trial}`, kind: "get", afterMs: wholeMicros(waitMs) },
  ];
}

/** A key that the coordinator does not own. */
function keyOf(system: System, plan: Plan, trial: number): string {
  for (let attempt = 0; ; attempt++) {
    const key = `k${trial}.${attempt}`;
    const owners = system.owners(key, plan);
    if (owners === null) throw new Error(`validation: ${plan.policy} has no fixed owners`);
    if (!owners.includes(COORDINATOR)) return key;
  }
}
