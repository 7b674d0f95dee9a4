import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { AbortedError } from "../../kernel/kernel.ts";
import { commandLine } from "../../report/command-line.ts";
import { counted } from "../../report/units.ts";
import { visible } from "../../report/visible.ts";
import { readPlan } from "../../run/load/load-file.ts";
import { run } from "../../run/run.ts";
import { reasonOf } from "../../search/findings.ts";
import { fingerprintOf, fingerprintText } from "../../search/fingerprint.ts";
import { namesOf, optionsFor } from "../../search/harness.ts";
import { planFileName } from "../../search/plan-files.ts";
import { planText } from "../../search/plan-text.ts";
import { makeFolder, writeFileWhole } from "../../search/write-file.ts";
import { type CliContext, pageFor, printLines } from "../context.ts";
import { harness as known } from "../known.ts";
import { UsageError } from "../usage-error.ts";
import { harnessFor } from "../user-policies.ts";
import { writeProblem } from "../write-problem.ts";
import type { FoundPlan } from "./write-pages.ts";

/** A plan that fails as it did when it was added, or in another way. */
export interface CorpusFailure {
  readonly file: string;
  readonly summary: string;
  readonly fingerprints: readonly string[];
}

/**
 * A folder of plans that failed, kept from one campaign to the next: they are run first, and those that pass by now
 * are taken out. @returns those that still fail
 */
export async function runCorpus(
  { process }: CliContext,
  folder: string,
  isStrict: boolean,
  signal: AbortSignal,
): Promise<readonly CorpusFailure[]> {
  const page = pageFor(process.stdout, process.env);
  const files = await plansIn(folder);
  const failing: CorpusFailure[] = [];
  let fixedCount = 0;
  for (const file of files) {
    if (signal.aborted) break;
    const verdict = await verdictOn(join(folder, file), isStrict, signal);
    if (verdict === "stopped") break;
    if (verdict === null) {
      const problem = takeOut(join(folder, file));
      if (problem === null) fixedCount++;
      else printLines(process.stderr, [problem]);
      continue;
    }
    failing.push(verdict);
    printLines(process.stdout, [
      page.style.bad(visible(`${file}: ${verdict.summary}`)),
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
async function verdictOn(
  file: string,
  isStrict: boolean,
  signal: AbortSignal,
): Promise<CorpusFailure | "stopped" | null> {
  const failure = (summary: string, fingerprints: readonly string[] = []): CorpusFailure => {
    return { file, summary, fingerprints };
  };
  const loaded = readPlan(file, namesOf(known));
  if (!loaded.ok) return failure("cannot be read any more; replay it to see why");
  const plan = loaded.value;
  try {
    const harness = await harnessFor([plan.policy], { invariants: plan.invariants });
    const options = { ...optionsFor(harness, plan), isAborted: () => signal.aborted };
    const { violations, record } = await run(plan, options);
    const whyExpected = reasonOf(harness, plan, isStrict);
    const failures = violations.filter((violation) => whyExpected(violation) === null);
    const [first] = failures;
    if (first === undefined) return null;
    const fingerprints = failures.map((each) =>
      fingerprintText(fingerprintOf(plan.policy, each, record.history)),
    );
    return failure(first.summary, fingerprints);
  } catch (error) {
    if (error instanceof AbortedError) return "stopped";
    const message = error instanceof Error ? error.message : String(error);
    return failure(`could not be run to its end: ${message}`);
  }
}

/** @returns a line for the user when the file cannot be removed */
function takeOut(file: string): string | null {
  try {
    rmSync(file, { force: true });
    return null;
  } catch (error) {
    return writeProblem(file, error);
  }
}

/**
 * Adds a plan for each finding that no plan of the corpus shows already, so that it holds a failure once however many
 * nights find it again.
 *
 * @returns a line for the user when that was not possible
 */
export async function addToCorpus(
  folder: string,
  found: readonly FoundPlan[],
  failing: readonly CorpusFailure[],
): Promise<string | null> {
  const kept = new Set(failing.flatMap(({ fingerprints }) => fingerprints));
  for (const { finding, plan } of found) {
    const { name: invariant, policy, shape } = finding;
    if (shape !== null && kept.has(fingerprintText({ invariant, policy, shape }))) continue;
    const file = join(folder, planFileName(plan));
    try {
      await writeFileWhole(file, planText(plan));
    } catch (error) {
      return writeProblem(file, error);
    }
  }
  return null;
}

async function plansIn(folder: string): Promise<string[]> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    try {
      await makeFolder(folder);
    } catch (error) {
      throw new UsageError([writeProblem(folder, error)]);
    }
    return [];
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith(".plan.json"))
    .sort();
}
