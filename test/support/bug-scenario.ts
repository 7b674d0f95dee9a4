import { fileURLToPath } from "node:url";
import { invariants } from "../../scenarios/bugs/index.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import type { Scenario } from "../../sim/run/scenario/scenario.ts";
import type { Bug } from "../../sim/search/bugs/bug.ts";
import { namesOf } from "../../sim/search/harness.ts";

const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));

/** The scenario of a defect of the bank. */
export function loadedBugScenario({ scenario, sound }: Bug): Scenario {
  const loaded = readScenario(`${folder}${scenario}.yaml`, namesOf({ systems: [sound], invariants }));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.value;
}
