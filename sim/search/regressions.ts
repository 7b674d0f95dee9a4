import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readPlan } from "../run/load/load-file.ts";
import type { Loaded } from "../run/load/load-problem.ts";
import type { Violation } from "../run/invariant.ts";
import type { Plan, PlanRegression } from "../run/plan.ts";
import { run, type RunOptions } from "../run/run.ts";
import type { Shrunk } from "./shrink.ts";
import { isSameFingerprint, fingerprintOf } from "./fingerprint.ts";
import { type Harness, namesOf, optionsFor } from "./harness.ts";

/** Plans that are kept, each with what has to become of it. */

const EXTENSION = ".json";

/** The files of a folder of regressions, in the order of their names; none where there is no such folder. */
export function regressionFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => join(folder, name));
}

/** The file of a regression. */
export function regressionFile(folder: string, name: string): string {
  return join(folder, `${name}${EXTENSION}`);
}

/** A plan that says what has to become of it. */
export type RegressionPlan = Plan & { readonly regression: PlanRegression };

export function readRegression(file: string, harness: Harness): Loaded<RegressionPlan> {
  const loaded = readPlan(file, namesOf(harness));
  if (!loaded.ok) return loaded;
  const { regression } = loaded.value;
  if (regression !== undefined) return { ok: true, value: { ...loaded.value, regression } };
  const message =
    "missing: expected what has to become of the plan; `cache-sim shrink --save` writes it, and other plans " +
    "belong elsewhere";
  return { ok: false, problems: [{ file, position: null, path: "regression", message }] };
}

/** A shrunk plan as it is kept. */
export function toRegression(
  { plan, fingerprint }: Pick<Shrunk, "plan" | "fingerprint">,
  expected: PlanRegression["expected"],
  story: string,
): RegressionPlan {
  const { invariant, shape } = fingerprint;
  return { ...plan, regression: { story, expected, invariant, shape: [...shape] } };
}

/** What became of a regression. */
export interface RegressionResult {
  readonly isAsExpected: boolean;
  /** In a sentence that follows its name. */
  readonly summary: string;
  readonly violation: Violation | null;
  /** The choices that the plan sets and the run did not have: it was recorded with other code. */
  readonly notApplied: readonly string[];
  readonly appliedCount: number;
}

/**
 * Runs a regression. One that has to pass must not break its invariant in any way; one that has to fail must do so in
 * the way that it was kept for.
 */
export async function replayRegression(
  plan: RegressionPlan,
  harness: Harness,
  options: Pick<RunOptions, "isAborted"> = {},
): Promise<RegressionResult> {
  const { invariant, shape, expected } = plan.regression;
  const { record, violations, choices } = await run(plan, { ...optionsFor(harness, plan), ...options });
  const broken = violations.filter((violation) => violation.invariant === invariant);
  const wanted = { invariant, policy: plan.policy, shape };
  const same = broken.find((violation) =>
    isSameFingerprint(fingerprintOf(plan.policy, violation, record.history), wanted),
  );
  const violation = same ?? broken[0] ?? null;
  return {
    isAsExpected: expected === "fails" ? same !== undefined : violation === null,
    summary: summaryOf(expected, invariant, violation, same !== undefined),
    violation,
    ...choices,
  };
}

function summaryOf(
  expected: PlanRegression["expected"],
  invariant: string,
  violation: Violation | null,
  isSame: boolean,
): string {
  const has = violation === null ? `keeps ${invariant}` : `breaks ${invariant}`;
  if (expected === "passes") return violation === null ? `${has}, as it has to` : `${has} again`;
  if (violation === null) return `no longer breaks ${invariant}, which it is kept for`;
  return isSame ? `${has}, as it has to` : `${has}, but not in the way that it is kept for`;
}
