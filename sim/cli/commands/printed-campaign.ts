import { type CampaignReport, runCampaign } from "../../search/campaign.ts";
import type { Executor } from "../../search/executor.ts";
import type { SeedRange } from "../../search/job.ts";
import type { TimedRow } from "../../search/ledger.ts";
import { builtModule } from "../../search/package-files.ts";
import type { KeptPlan } from "../../search/report/document.ts";
import { type CliContext, printLines } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { catchInterrupt } from "../interrupt.ts";
import { createProgress } from "../progress.ts";
import type { FileJob } from "./campaign-jobs.ts";
import { type CorpusFailure, runCorpus } from "./corpus.ts";
import type { RunFlags } from "./run-command.ts";
import { type LoadedRegression, runRegressions } from "./run-regressions.ts";

export interface CampaignParts {
  readonly jobs: readonly FileJob[];
  /** Null when there are more shards than seeds, and this one gets none. */
  readonly slice: SeedRange | null;
  readonly regressions: readonly LoadedRegression[];
  readonly executor: Executor;
  readonly header: () => string[];
  readonly printRow: (...row: TimedRow) => void;
}

export interface Ran {
  readonly report: CampaignReport;
  readonly exitCode: ExitCode | null;
  /** The regressions that did not end as they have to. */
  readonly wrong: readonly KeptPlan[];
  /** The plans of the corpus that still fail. */
  readonly corpus: readonly CorpusFailure[];
}

/** Replays what is kept, then runs the campaign, the table growing row by row as it goes. */
export async function printedCampaign(
  context: CliContext,
  flags: RunFlags,
  parts: CampaignParts,
): Promise<Ran> {
  const { process, takeOver } = context;
  const { jobs, slice, regressions, executor, header, printRow } = parts;
  const { seeds, corpus } = flags;
  const progress = createProgress(process.stderr);
  const interrupt = catchInterrupt(process, takeOver);
  let rowsPrinted = 0;
  try {
    const wrong = await runRegressions(context, regressions, interrupt.signal);
    const failing =
      corpus === undefined ? [] : await runCorpus(context, corpus, flags.strict, interrupt.signal);
    printLines(process.stdout, header());
    const report =
      slice === null
        ? nothingRun(seeds)
        : await runCampaign({
            jobs,
            seeds,
            slice,
            isStrict: flags.strict,
            failuresMax: flags.failFast ? 1 : flags.maxFailures,
            timeBudgetMs: flags.timeBudget,
            runLimitMs: flags.runLimit,
            workers: executor.workerCount,
            systemsModule: builtModule("systems"),
            executor,
            signal: interrupt.signal,
            onProgress: progress.show,
            onRow(row, timing) {
              progress.clear();
              printRow(row, timing);
              rowsPrinted++;
            },
          });
    progress.clear();
    for (const [index, row] of report.rows.entries()) {
      const timing = report.timings.rows[index];
      if (index >= rowsPrinted && timing !== undefined) printRow(row, timing);
    }
    return { report, exitCode: interrupt.exitCode, wrong, corpus: failing };
  } finally {
    progress.clear();
    interrupt.release();
  }
}

function nothingRun(seeds: SeedRange): CampaignReport {
  return {
    seeds,
    isComplete: true,
    stoppedBy: null,
    rows: [],
    timings: { workers: 0, elapsedMs: 0, rows: [] },
  };
}
