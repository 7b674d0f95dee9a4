import { findingsOf } from "./load-issues.ts";
import type { KnownNames } from "./load-names.ts";
import { checkPlan } from "./load-plan-check.ts";
import { failed, type Finding, type Loaded, problemsOf, shown } from "./load-problem.ts";
import { valueAt } from "./load-schema.ts";
import { type FileKind, readText } from "./load-text.ts";
import { type Plan, PLAN_FORMAT, PLAN_VERSION, planSchema } from "../plan.ts";

export const planFile: FileKind = {
  what: "a plan",
  bytesMax: 67_108_864,
  hint: "a failing run writes one under reports/",
};

/**
 * A plan from the text of a JSON (or YAML) file, or everything that is wrong with it. Pure.
 *
 * @param file the name to show in problems
 */
export function loadPlan(text: string, file: string, known: KnownNames): Loaded<Plan> {
  const read = readText(text, file, planFile);
  if ("problems" in read) return failed(read.problems);
  const { source } = read;

  const foreign = checkFormat(source.value);
  if (foreign !== null) return failed(problemsOf(file, source, [foreign]));
  const parsed = planSchema.safeParse(source.value);
  const findings = parsed.success
    ? checkPlan(parsed.data, known)
    : findingsOf(planSchema, source.value, parsed.error.issues);
  if (!parsed.success || findings.length > 0) return failed(problemsOf(file, source, findings));
  return { ok: true, value: parsed.data };
}

/** A file that is something else, or of another version, has one problem and not a hundred. */
function checkFormat(value: unknown): Finding | null {
  const format = valueAt(value, ["format"]);
  if (format === undefined && valueAt(value, ["story"]) !== undefined) {
    const message = "this is a scenario, not a plan: give it to `cache-sim run`, or add --seed to replay it";
    return { path: [], at: "value", message };
  }
  if (format !== PLAN_FORMAT) {
    const found = format === undefined ? "missing: expected" : "expected";
    const got = format === undefined ? "" : `, got ${shown(format)}`;
    return { path: ["format"], at: "value", message: `${found} ${PLAN_FORMAT}${got}: this is not a plan` };
  }
  const version = valueAt(value, ["version"]);
  if (version === PLAN_VERSION) return null;
  const isNewer = typeof version === "number" && version > PLAN_VERSION;
  const advice = isNewer
    ? "it was written by a newer cache-sim: update this one"
    : `write it again${fromSeed(value)}, or replay it with the release that wrote it`;
  const got = version === undefined ? "missing: expected" : "expected";
  const shownVersion = version === undefined ? "" : `, got ${shown(version)}`;
  return { path: ["version"], at: "value", message: `${got} ${PLAN_VERSION}${shownVersion}: ${advice}` };
}

/** How to draw the plan again, when its text says enough. */
function fromSeed(value: unknown): string {
  const [scenario, policy, seed] = ["scenario", "policy", "seed"].map((field) => {
    const part = valueAt(value, [field]);
    return typeof part === "string" || typeof part === "number" ? String(part) : "";
  }) as [string, string, string];
  const isPlain = [scenario, policy, seed].every((part) => /^[\w.-]{1,64}$/.test(part));
  if (!isPlain) return " from its scenario and seed";
  return ` with \`cache-sim replay scenarios/${scenario}.yaml --policy ${policy} --seed ${seed}\``;
}
