import { AbortedError } from "../../kernel/kernel.ts";
import { replayLine } from "../../report/command-line.ts";
import type { Page } from "../../report/page.ts";
import { renderFailedReplay, renderReplay } from "../../report/replay-report.ts";
import {
  eventProblem,
  renderAround,
  renderJournals,
  renderState,
  renderUntil,
  runTitle,
} from "../../report/replay-views.ts";
import { renderTraceCheck, renderTraceDifference } from "../../report/trace-difference.ts";
import { renderTwice } from "../../report/twice.ts";
import { run } from "../../run/run.ts";
import { reasonOf } from "../../search/findings.ts";
import { optionsFor } from "../../search/harness.ts";
import { type RecordedTwice, recordTwice } from "../../search/twice.ts";
import { looksLikeTrace, readTrace } from "../../trace/read-trace.ts";
import { type Replay, replay } from "../../trace/replay.ts";
import { type CliContext, pageFor, printLines, toAction } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { knownNames } from "../known.ts";
import { loadReplayable } from "../load-replayable.ts";
import { writeOutputs } from "./replay-files.ts";
import { filesOf, type ReplayFlags } from "./replay-flags.ts";
import { requireTerminal, stepThrough } from "./step-through.ts";
import { loadedOrThrow, UsageError } from "../usage-error.ts";
import { harnessFor, whatOf, withSystem } from "../user-policies.ts";
import { readVersion } from "../version.ts";

/** Runs one plan with everything recorded, and shows what happened. */
async function replayPlan(context: CliContext, given: ReplayFlags, ...words: string[]): Promise<ExitCode> {
  const flags = await withSystem(given, context.process.cwd());
  const { stdout, stderr, env, version: nodeVersion } = context.process;
  const page = pageFor(stdout, env);
  const { source, other } = filesOf(words, flags);
  if (flags.diff) return compareTraces(context, source, other ?? source, page);
  if (flags.step) requireTerminal(context.process);
  const written = looksLikeTrace(source) ? loadedOrThrow(readTrace(source, knownNames)) : null;
  const { plan, harness } =
    written === null
      ? await loadReplayable(source, flags, context.process.cwd())
      : {
          plan: written.plan,
          harness: await harnessFor([written.plan.policy], {
            file: source,
            what: whatOf(written.plan),
            invariants: written.plan.invariants,
          }),
        };
  requireMachine(flags, plan.cluster.machines);
  const interrupt = catchInterrupt(context.process, context.takeOver);
  const options = { ...optionsFor(harness, plan), isAborted: () => interrupt.signal.aborted };
  let twice: RecordedTwice | null = null;
  let plainDigest: string;
  let replayed: Replay;
  try {
    // First of all: some things are different only the first time.
    if (flags.twice) twice = await recordTwice(plan, options);
    // Once as a campaign runs it and once traced: they must be the same run.
    plainDigest = (await run(plan, options)).digest;
    replayed = await replay(plan, options);
  } catch (error) {
    if (error instanceof AbortedError) {
      printLines(stderr, ["interrupted: the run had not ended, so there is nothing to show"]);
      return interrupt.exitCode ?? EXIT.sigint;
    }
    printLines(stdout, renderFailedReplay(plan, error, page));
    printTwice();
    return EXIT.violation;
  } finally {
    interrupt.release();
  }
  const whyExpected = reasonOf(harness, plan, flags.strict);
  const views = viewLines(replayed, flags, page);
  if (flags.step) await stepThrough(context.process, replayed);
  else printLines(stdout, views ?? renderReplay(replayed, plainDigest, whyExpected, flags.log, page));
  printTwice();
  if (written !== null) {
    const here = { code: await readVersion(), node: nodeVersion };
    printLines(stdout, ["", ...renderTraceCheck({ name: source, trace: written }, replayed, here, page)]);
  }

  const command = replayLine(source, flags);
  const problems = await writeOutputs(replayed, {
    flags,
    exportFile: other,
    command,
    whyExpected,
    nodeVersion,
  });
  if (problems.length > 0) {
    printLines(stderr, problems);
    return EXIT.usage;
  }
  const { violations, digest } = replayed.outcome;
  const isSame =
    digest === plainDigest &&
    (twice?.mismatch ?? null) === null &&
    (written === null || written.traceHash === replayed.traceHash);
  return isSame && violations.every((violation) => whyExpected(violation) !== null)
    ? EXIT.ok
    : EXIT.violation;

  function printTwice(): void {
    if (twice !== null) printLines(stdout, ["", ...renderTwice(twice, page)]);
  }
}

function compareTraces({ process }: CliContext, first: string, second: string, page: Page): ExitCode {
  const [a, b] = [first, second].map((name) => ({
    name,
    trace: loadedOrThrow(readTrace(name, knownNames)),
  }));
  if (a === undefined || b === undefined) return EXIT.internal;
  printLines(process.stdout, renderTraceDifference(a, b, page));
  return a.trace.traceHash === b.trace.traceHash ? EXIT.ok : EXIT.violation;
}

function requireMachine({ state }: ReplayFlags, machines: readonly string[]): void {
  if (state === undefined || machines.includes(state.machine)) return;
  throw new UsageError([
    `--state ${state.machine}@${state.event}: there is no machine "${state.machine}"; the plan has ${machines.join(", ")}`,
  ]);
}

/** What the flags ask to see instead of the whole report; null when they ask for nothing. */
function viewLines(replayed: Replay, flags: ReplayFlags, page: Page): string[] | null {
  const { until, around, state, print } = flags;
  const { length } = replayed.events;
  const problems = [
    until === undefined ? null : eventProblem("--until", until, length),
    around === undefined ? null : eventProblem("--around", around, length),
    state === undefined ? null : eventProblem("--state", state.event, length),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw new UsageError(problems);
  const views = [
    ...(until === undefined ? [] : [renderUntil(replayed, until, page)]),
    ...(around === undefined ? [] : [renderAround(replayed, around, page)]),
    ...(state === undefined ? [] : [renderState(replayed, state.machine, state.event, page)]),
    ...(print === undefined ? [] : [renderJournals(replayed, page)]),
  ];
  return views.length === 0 ? null : [runTitle(replayed, page), ...views.flatMap((view) => ["", ...view])];
}

export default toAction(replayPlan);
