import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readScenario } from "../run/load/load-file.ts";
import { type Loaded, renderProblem } from "../run/load/load-problem.ts";
import { RecordingError } from "../run/recorded/recording.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { type Harness, namesOf } from "../search/harness.ts";
import { createRecordingReader } from "../search/recordings.ts";

/**
 * A scenario as tests name it: the path of a file, or a name from the folder `scenarios`, or else of one that comes with
 * the harness, or the scenario itself.
 *
 * @throws RangeError with everything that is wrong with it
 */
export function scenarioOf(scenario: string | Scenario, harness: Harness): Scenario {
  if (typeof scenario !== "string") return scenario;
  return valueOf(readScenario(fileOf(scenario), namesOf(harness)));
}

/**
 * The same with the rows of the recorded trace that it names, if it names one.
 *
 * @throws RangeError with everything that is wrong with it
 */
export async function completeScenarioOf(scenario: string | Scenario, harness: Harness): Promise<Scenario> {
  const found = scenarioOf(scenario, harness);
  if (typeof scenario !== "string") return found;
  try {
    return await createRecordingReader().complete(found, fileOf(scenario));
  } catch (error) {
    throw error instanceof RecordingError ? new RangeError(error.message) : error;
  }
}

/** @throws RangeError with every problem on a line of its own */
export function valueOf<T>(loaded: Loaded<T>): T {
  if (!loaded.ok) throw new RangeError(loaded.problems.map(renderProblem).join("\n"));
  return loaded.value;
}

function fileOf(word: string): string {
  if (/\.(ya?ml|json)$/.test(word) || /[/\\]/.test(word)) return word;
  const own = join("scenarios", `${word}.yaml`);
  if (existsSync(own)) return own;
  // Beside the code, as it is built and as it is written.
  const shipped = ["../../../scenarios/", "../../scenarios/"]
    .map((folder) => fileURLToPath(new URL(`${folder}${word}.yaml`, import.meta.url)))
    .find((file) => existsSync(file));
  return shipped ?? own;
}
