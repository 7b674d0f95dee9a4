import { AbortedError } from "../../kernel/kernel.ts";
import { replayLine } from "../../report/command-line.ts";
import { explainProgressText, renderExplanation } from "../../report/explain-report.ts";
import { visible } from "../../report/visible.ts";
import { type Explanation, explain } from "../../search/explain.ts";
import { reasonOf } from "../../search/findings.ts";
import { optionsFor } from "../../search/harness.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { loadReplayable, type SeedFlags } from "../load-replayable.ts";
import { requireInvariant } from "../require-invariant.ts";
import { createStatusLine } from "../status-line.ts";
import { UsageError } from "../usage-error.ts";
import { withSystem } from "../user-policies.ts";
import { tellOf, writeExplainedPage } from "./explained-page.ts";

export interface ExplainFlags extends SeedFlags {
  readonly invariant?: string;
  readonly runs?: number;
  readonly json: boolean;
  readonly html?: string;
}

/** Says why a plan fails. */
async function explainPlan(context: CliContext, given: ExplainFlags, word: string): Promise<ExitCode> {
  const flags = await withSystem(given, context.process.cwd());
  const { process, takeOver } = context;
  const { stdout, stderr } = process;
  const replayable = await loadReplayable(word, flags, process.cwd());
  const { plan, harness } = replayable;
  const wanted = requireInvariant(flags.invariant, process.cwd(), replayable);
  const interrupt = catchInterrupt(process, takeOver);
  const status = createStatusLine(stderr);
  let explanation: Explanation | null;
  try {
    explanation = await explain(plan, {
      harness,
      isMeant: ({ invariant }) => wanted === undefined || invariant === wanted,
      runs: flags.runs,
      signal: interrupt.signal,
      onProgress: (runsDone) => status.show(explainProgressText(runsDone)),
    });
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
    status.clear();
    printLines(stderr, ["interrupted: there is nothing to show yet"]);
    return interrupt.exitCode ?? EXIT.sigint;
  } finally {
    status.clear();
    interrupt.release();
  }
  if (explanation === null) {
    const what = flags.invariant === undefined ? "it passes" : `${flags.invariant} holds`;
    const next = `${replayLine(word, flags)} shows the run`;
    throw new UsageError([visible(`${word}: nothing to explain, ${what}; ${next}`)]);
  }
  if (flags.json) stdout.write(`${JSON.stringify(explanation, infinityAsText, 2)}\n`);
  else {
    const why = reasonOf(harness, plan, false)(explanation.violation);
    const tell = tellOf(optionsFor(harness, plan).system);
    printLines(stdout, renderExplanation(explanation, why, tell, pageFor(stdout, process.env)));
  }
  if (flags.html === undefined) return EXIT.ok;
  const command = replayLine(word, flags);
  const options = { harness, command, nodeVersion: process.version };
  const problem = await writeExplainedPage(flags.html, explanation, options);
  if (problem === null) return EXIT.ok;
  printLines(stderr, [problem]);
  return EXIT.usage;
}

/** JSON has no infinity; as null it would say nothing. */
function infinityAsText(_name: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? "Infinity" : value;
}

export default toAction(explainPlan);
