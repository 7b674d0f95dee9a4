import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { invariants } from "../../sim/check/index.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import type { Scenario } from "../../sim/run/scenario/scenario.ts";
import { systems } from "../../sim/systems/index.ts";

const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

const known = {
  systems: systems.map(({ name }) => name),
  policies: systems.flatMap(({ policies }) => policies.map(({ name }) => name)),
  invariants: invariants.map(({ name }) => name),
};

/** The names of the scenarios that come with the harness. */
export const scenarioNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(".yaml", ""))
  .toSorted();

export function loadedScenario(name: string): Scenario {
  const loaded = readScenario(`${folder}${name}.yaml`, known);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}

/** A scenario under a policy: what a campaign runs one after the other. */
export interface Pair {
  readonly scenario: string;
  readonly policy: string;
}

const policyNames = systems.flatMap(({ policies }) => policies.map(({ name }) => name));

const pairsFrom = (first: number, count: number): readonly Pair[] =>
  scenarioNames.flatMap((scenario, at) =>
    Array.from({ length: count }, (_, turn) => ({
      scenario,
      policy: policyNames[(at + first + turn) % policyNames.length] as string,
    })),
  );

/** Every scenario under one policy, and every policy about equally often: for what must not take long. */
export const onePairEach: readonly Pair[] = pairsFrom(0, 1);

/** Every scenario under every policy; with `LONG_SEEDS` below 100, under one that `onePairEach` has it not under. */
export const longPairs: readonly Pair[] =
  Number(process.env["LONG_SEEDS"] ?? 500) < 100 ? pairsFrom(1, 1) : pairsFrom(0, policyNames.length);
