import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan, PlanRegression } from "../../run/plan.ts";
import { AbortedError } from "../../kernel/kernel.ts";
import { commandLine, replayLine } from "../../report/command-line.ts";
import { explainProgressText } from "../../report/explain-report.ts";
import { plainStory, renderShrunk, shrinkProgressText } from "../../report/shrink-report.ts";
import { renderFailedReplay } from "../../report/replay-report.ts";
import { visible } from "../../report/visible.ts";
import { counted } from "../../report/units.ts";
import { explain } from "../../search/explain.ts";
import { reasonOf } from "../../search/findings.ts";
import type { Harness } from "../../search/harness.ts";
import { planText } from "../../search/plan-text.ts";
import { regressionFile, toRegression } from "../../search/regressions.ts";
import { shrink, type Shrunk } from "../../search/shrink.ts";
import { writeFileWhole } from "../../search/write-file.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { loadReplayable, type SeedFlags } from "../load-replayable.ts";
import { requireInvariant } from "../require-invariant.ts";
import { regressionFolder } from "../scenario-files.ts";
import { writeExplainedPage } from "./explained-page.ts";
import { shrunkFileName } from "./shrink-findings.ts";
import { createStatusLine } from "../status-line.ts";
import { UsageError } from "../usage-error.ts";
import { withSystem } from "../user-policies.ts";
import { writeProblem } from "../write-problem.ts";

export interface ShrinkFlags extends SeedFlags {
  readonly invariant?: string;
  readonly candidates?: number;
  readonly timeBudget?: number;
  readonly out?: string;
  readonly html?: string;
  readonly save?: string;
  readonly story?: string;
  readonly expect?: PlanRegression["expected"];
  readonly force: boolean;
}

/** Makes a failing plan small, and writes it. */
async function shrinkPlan(context: CliContext, given: ShrinkFlags, word: string): Promise<ExitCode> {
  const flags = await withSystem(given, context.process.cwd());
  const { process, takeOver } = context;
  const { stdout, stderr } = process;
  const replayable = await loadReplayable(word, flags, process.cwd());
  const { plan, harness } = replayable;
  const wanted = requireInvariant(flags.invariant, process.cwd(), replayable);
  const file = targetFile(flags, plan, process.cwd());
  const page = pageFor(stdout, process.env);
  const whyExpected = reasonOf(harness, plan, false);
  const interrupt = catchInterrupt(process, takeOver);
  const status = createStatusLine(stderr);
  const isMeant = ({ invariant }: { invariant: string }): boolean =>
    wanted === undefined || invariant === wanted;
  const shrinking = await shrink(plan, {
    harness,
    isMeant,
    preferred: (violation) => whyExpected(violation) === null,
    candidatesMax: flags.candidates,
    timeMsMax: flags.timeBudget,
    signal: interrupt.signal,
    onProgress: (progress) => status.show(shrinkProgressText(progress)),
  }).finally(() => {
    status.clear();
    interrupt.release();
  });

  switch (shrinking.kind) {
    case "passes":
      throw new UsageError([visible(nothingToShrink(word, flags.invariant, shrinking.broken))]);
    case "nondeterministic":
      printLines(stdout, [
        page.style.bad(visible(`NOT DETERMINISTIC: ${shrinking.mismatch.summary}`)),
        "nothing is shrunk: a run proves nothing as long as the next one may differ",
      ]);
      return EXIT.violation;
    case "interrupted":
      printLines(stderr, ["interrupted: the plan had not been run to its end, so there is nothing to show"]);
      return interrupt.exitCode ?? EXIT.sigint;
    case "unfinished":
      printLines(stdout, renderFailedReplay(plan, shrinking.error, page));
      return EXIT.violation;
    case "shrunk":
  }
  const why = whyExpected(shrinking.violation);
  printLines(stdout, renderShrunk(shrinking, why, page));
  const kept = keptPlan(shrinking, flags, why === null ? "passes" : "fails");
  try {
    await writeFileWhole(file, planText(kept));
  } catch (error) {
    // It may have taken minutes to find.
    printLines(stdout, ["", planText(kept)]);
    printLines(stderr, [writeProblem(file, error, "the plan is printed; --out FILE writes it elsewhere")]);
    return EXIT.usage;
  }
  const command = (name: string): string => page.style.command(commandLine(["npx", "cache-sim", name, file]));
  printLines(stdout, [
    "",
    visible(`written to ${file}`),
    `  ${command("replay")}`,
    `  ${command("explain")}`,
  ]);
  if (interrupt.exitCode !== null || flags.html === undefined) return interrupt.exitCode ?? EXIT.ok;
  return writePage(context, flags.html, shrinking, harness, file);
}

/** The page of the shrunk plan, with why it fails. */
async function writePage(
  { process, takeOver }: CliContext,
  html: string,
  { plan, original, violation }: Shrunk,
  harness: Harness,
  file: string,
): Promise<ExitCode> {
  const interrupt = catchInterrupt(process, takeOver);
  const isMeant = ({ invariant }: { readonly invariant: string }): boolean =>
    invariant === violation.invariant;
  const { operations, faults } = original;
  const before = `${counted(operations.length, "operation")}, ${counted(faults.length, "fault")}`;
  const status = createStatusLine(process.stderr);
  let problem: string | null;
  try {
    const explanation = await explain(plan, {
      harness,
      isMeant,
      signal: interrupt.signal,
      onProgress: (runsDone) => status.show(explainProgressText(runsDone)),
    });
    if (explanation === null) throw new Error("the shrunk plan no longer fails");
    problem = await writeExplainedPage(html, explanation, {
      harness,
      command: replayLine(file, {}),
      nodeVersion: process.version,
      facts: [["shrunk from", before]],
    });
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
    status.clear();
    printLines(process.stderr, ["interrupted: there is no page"]);
    return interrupt.exitCode ?? EXIT.sigint;
  } finally {
    status.clear();
    interrupt.release();
  }
  if (problem === null) printLines(process.stdout, [visible(`its page is ${html}`)]);
  else printLines(process.stderr, [problem]);
  return problem === null ? EXIT.ok : EXIT.usage;
}

/** Where the shrunk plan goes. What is there already as a regression is kept, since its story cannot be drawn again. */
function targetFile({ save, out, force, story, expect }: ShrinkFlags, plan: Plan, cwd: string): string {
  if (save === undefined) {
    if (story !== undefined || expect !== undefined || force) {
      throw new UsageError(["--story, --expect and --force are for a regression: add --save NAME"]);
    }
    return out ?? join("reports", shrunkFileName(plan));
  }
  if (out !== undefined) throw new UsageError(["--save says where the plan goes: leave out --out"]);
  const file = regressionFile(regressionFolder(cwd), save);
  if (!existsSync(file) || force) return file;
  throw new UsageError([visible(`${file} exists: choose another name, or replace it with --force`)]);
}

/** A plan that was kept for something else is not kept for that any more. */
function keptPlan(shrunk: Shrunk, flags: ShrinkFlags, usual: PlanRegression["expected"]): Plan {
  if (flags.save === undefined) return shrunk.plan;
  return toRegression(shrunk, flags.expect ?? usual, flags.story ?? plainStory(shrunk.violation));
}

function nothingToShrink(word: string, invariant: string | undefined, broken: readonly string[]): string {
  if (broken.length === 0) return `${word}: nothing to shrink, it passes`;
  return `${word}: nothing to shrink, ${invariant ?? "it"} holds; broken: ${broken.join(", ")}`;
}

export default toAction(shrinkPlan);
