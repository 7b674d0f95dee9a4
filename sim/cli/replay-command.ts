import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { AbortedError } from "../kernel/kernel.ts";
import { type LogKind, renderFailedReplay, renderReplay } from "../report/replay-report.ts";
import { traceLines } from "../report/trace-lines.ts";
import { renderTwice } from "../report/twice.ts";
import { run } from "../run/run.ts";
import { reasonOf } from "../search/findings.ts";
import { optionsFor } from "../search/harness.ts";
import { type RecordedTwice, recordTwice } from "../search/twice.ts";
import { writeFileWhole } from "../search/write-file.ts";
import { type Replay, replay } from "../trace/replay.ts";
import { type CliContext, pageFor, printLines, toAction } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { catchInterrupt } from "./interrupt.ts";
import { loadReplayable, type SeedFlags } from "./load-replayable.ts";
import { writeProblem } from "./write-problem.ts";

export interface ReplayFlags extends SeedFlags {
  readonly log: LogKind;
  readonly trace?: string;
  readonly twice: boolean;
  readonly strict: boolean;
}

/** Runs one plan with everything recorded, and shows what happened. */
async function replayPlan(context: CliContext, flags: ReplayFlags, word: string): Promise<ExitCode> {
  const { stdout, stderr, env, version } = context.process;
  const { plan, harness } = await loadReplayable(word, flags, context.process.cwd());
  const page = pageFor(stdout, env);
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
  printLines(stdout, renderReplay(replayed, plainDigest, whyExpected, flags.log, page));
  printTwice();

  if (flags.trace !== undefined) {
    try {
      await writeFileWhole(flags.trace, gzipped(traceLines(replayed, version)));
    } catch (error) {
      printLines(stderr, [writeProblem(flags.trace, error)]);
      return EXIT.usage;
    }
  }
  const { violations, digest } = replayed.outcome;
  const isSame = digest === plainDigest && (twice?.mismatch ?? null) === null;
  return isSame && violations.every((violation) => whyExpected(violation) !== null)
    ? EXIT.ok
    : EXIT.violation;

  function printTwice(): void {
    if (twice !== null) printLines(stdout, ["", ...renderTwice(twice, page)]);
  }
}

function gzipped(lines: Iterable<string>): AsyncIterable<Uint8Array> {
  return Readable.from(lines).pipe(createGzip());
}

export default toAction(replayPlan);
