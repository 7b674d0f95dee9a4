import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../../report/command-line.ts";
import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import type { Plan } from "../../run/plan.ts";
import { readPlan } from "../../run/load/load-file.ts";
import { run } from "../../run/run.ts";
import { reasonOf } from "../../search/findings.ts";
import { namesOf, optionsFor } from "../../search/harness.ts";
import { planFileName } from "../../search/plan-files.ts";
import { planText } from "../../search/plan-text.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { harness as known } from "../known.ts";
import { harnessFor } from "../user-policies.ts";
import { writeProblem } from "../write-problem.ts";

/**
 * A folder of plans that failed, kept from one campaign to the next: they are run first, and those that pass by now
 * are taken out. @returns the names of those that still fail
 */
export async function runCorpus(
  { process }: CliContext,
  folder: string,
  isStrict: boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const page = pageFor(process.stdout, process.env);
  const files = plansIn(folder);
  const failing: string[] = [];
  let fixedCount = 0;
  for (const file of files) {
    if (signal.aborted) break;
    const verdict = await verdictOn(join(folder, file), isStrict, signal);
    if (verdict === null) {
      rmSync(join(folder, file), { force: true });
      fixedCount++;
      continue;
    }
    failing.push(file);
    printLines(process.stdout, [
      page.style.bad(visible(`${file}: ${verdict}`)),
      `  ${page.style.command(commandLine(["npx", "cache-sim", "replay", join(folder, file)]))}`,
    ]);
  }
  if (files.length > 0) {
    const fixed = fixedCount === 0 ? "" : `; ${counted(fixedCount, "plan")} taken out, which pass by now`;
    const style = failing.length === 0 ? page.style.good : page.style.bad;
    printLines(process.stdout, [
      style(
        visible(`${counted(files.length, "plan")} of ${folder}/: ${failing.length} still failing${fixed}`),
      ),
      "",
    ]);
  }
  return failing;
}

/** What is wrong with a plan; null when nothing is. */
async function verdictOn(file: string, isStrict: boolean, signal: AbortSignal): Promise<string | null> {
  const loaded = readPlan(file, namesOf(known));
  if (!loaded.ok) return "cannot be read any more; replay it to see why";
  const plan = loaded.value;
  try {
    const harness = await harnessFor([plan.policy], { invariants: plan.invariants });
    const { violations } = await run(plan, { ...optionsFor(harness, plan), isAborted: () => signal.aborted });
    const whyExpected = reasonOf(harness, plan, isStrict);
    return violations.find((violation) => whyExpected(violation) === null)?.summary ?? null;
  } catch (error) {
    return `could not be run to its end: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Adds plans that failed. @returns a line for the user when that was not possible */
export async function addToCorpus(folder: string, plans: readonly Plan[]): Promise<string | null> {
  for (const plan of plans) {
    const file = join(folder, planFileName(plan));
    try {
      await writeFileWhole(file, planText(plan));
    } catch (error) {
      return writeProblem(file, error);
    }
  }
  return null;
}

function plansIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    mkdirSync(folder, { recursive: true });
    return [];
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith(".plan.json"))
    .sort();
}
