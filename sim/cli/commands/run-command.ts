import { availableParallelism } from "node:os";
import type { SeedRange } from "../../search/job.ts";
import { startWorkers } from "../../search/worker-pool.ts";
import { type CliContext, toAction } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { systemsModule } from "../systems-module.ts";

export interface RunFlags {
  readonly policy?: readonly string[];
  /** Files of the user's own. */
  readonly invariant?: readonly string[];
  readonly seeds: SeedRange;
  readonly workers?: number;
  readonly strict: boolean;
  readonly reports: string;
  /** Make small what was not expected. */
  readonly shrink: boolean;
  readonly html: boolean;
}

/** Half of the time until the first row is loading code, so the workers load theirs while this thread does. */
async function run(context: CliContext, flags: RunFlags, ...words: string[]): Promise<ExitCode> {
  const executor = startWorkers({ systemsModule, workers: flags.workers ?? availableParallelism() });
  try {
    const { runScenarios } = await import("./run-scenarios.ts");
    return await runScenarios(context, flags, executor, words);
  } finally {
    await executor.close();
  }
}

export default toAction(run);
