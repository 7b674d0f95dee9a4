import { findingsOf } from "./load-issues.ts";
import type { KnownNames } from "./load-names.ts";
import { failed, type Loaded, problemsOf } from "./load-problem.ts";
import { valueAt } from "./load-schema.ts";
import { type FileKind, readText } from "./load-text.ts";
import { PLAN_FORMAT } from "../plan.ts";
import { checkScenario } from "../scenario/scenario-check.ts";
import { type Scenario, scenarioSchema } from "../scenario/scenario.ts";

export const scenarioFile: FileKind = {
  what: "a scenario",
  bytesMax: 1_048_576,
  hint: "it needs at least a name and a story",
};

/**
 * A scenario from the text of a YAML or JSON file, or everything that is wrong with it. Pure.
 *
 * @param file the name to show in problems
 */
export function loadScenario(
  text: string,
  file: string,
  known: Omit<KnownNames, "systems">,
): Loaded<Scenario> {
  const read = readText(text, file, scenarioFile);
  if ("problems" in read) return failed(read.problems);
  const { source } = read;

  if (valueAt(source.value, ["format"]) === PLAN_FORMAT) {
    const message = "this is a plan, not a scenario: give it to `cache-sim replay`";
    return failed(problemsOf(file, source, [{ path: ["format"], at: "value", message }]));
  }
  const parsed = scenarioSchema.safeParse(source.value);
  const findings = parsed.success
    ? checkScenario(parsed.data, known)
    : findingsOf(scenarioSchema, source.value, parsed.error.issues);
  if (!parsed.success || findings.length > 0) return failed(problemsOf(file, source, findings));
  return { ok: true, value: parsed.data };
}
