import type { Invariant } from "../../../sim/run/invariant.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import type { System } from "../../../sim/run/system.ts";
import { toySystem } from "../../support/toy-system.ts";

/** A harness for tests of campaigns: a module that exports systems and invariants. */

/** Not a pure function of the plan: what a campaign must notice by itself. */
let bootCount = 0;

export const systems: readonly System[] = [
  toySystem,
  {
    ...toySystem,
    name: "broken toys",
    policies: [
      { name: "throwing", summary: "Cannot be checked for some seeds.", promises: [] },
      { name: "moody", summary: "Is different each time.", promises: ["few-sets"] },
      { name: "promising", summary: "Promises what it cannot keep.", promises: ["few-sets"] },
    ],
    boot(env, plan) {
      const node = toySystem.boot(env, plan);
      if (plan.policy === "moody") {
        bootCount++;
        void env.clock.sleep((1 + (bootCount % 97)) as never);
      }
      return node;
    },
    owners(_key, plan) {
      // Asked by an invariant, outside of any machine, where an error ends the run.
      if (plan.policy === "throwing" && plan.seed % 3 === 0)
        throw new RangeError(`no owners for ${plan.seed}`);
      return null;
    },
  },
];

/** Broken by plans with many sets, that is by about half of the seeds. */
const fewSets: Invariant = {
  name: "few-sets",
  summary: "A run has at most five sets.",
  check({ history, owners }) {
    owners("k1");
    const sets = history.filter(({ kind }) => kind === "set");
    if (sets.length <= 5) return [];
    return [
      {
        invariant: "few-sets",
        key: sets[0]?.key ?? null,
        summary: `${sets.length} sets are too many`,
        operations: sets.slice(0, 2),
        notes: [],
      },
    ];
  },
};

/** @public loaded by name, as `systems` is */
export const invariants: readonly Invariant[] = [fewSets];

export const harnessModule = new URL(import.meta.url);

export function toyScenario(name: string): Scenario {
  const text = `
name: ${name}
story: Toys.
cluster: { machines: 2, replication: 1 }
workload: { clients: 2, operations: 6, keys: 2, mix: { get: 5, set: 4 }, deadline: 100ms }
phases: { safety: 1s, settle: 500ms, audit: 500ms }
`;
  const loaded = loadScenario(text, "toy.yaml", { policies: [], invariants: [] });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}
