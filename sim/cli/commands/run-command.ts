import { availableParallelism } from "node:os";
import type { SeedRange } from "../../search/job.ts";
import type { Shard } from "../../search/shard.ts";
import { startWorkers } from "../../search/worker-pool.ts";
import { type CliContext, toAction } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Output } from "../parse/parse-output.ts";
import { systemsModule } from "../systems-module.ts";

export interface RunFlags {
  readonly policy?: readonly string[];
  readonly seeds: SeedRange;
  readonly workers?: number;
  readonly strict: boolean;
  readonly reports: string;
  /** Make small what was not expected. */
  readonly shrink: boolean;
  readonly html: boolean;
  /** Milliseconds. */
  readonly timeBudget?: number;
  readonly maxFailures?: number;
  readonly failFast: boolean;
  /** Milliseconds that one seed may take. */
  readonly seedTimeout?: number;
  readonly shard?: Shard;
  readonly scenario?: readonly RegExp[];
  readonly tag?: readonly string[];
  readonly output?: readonly Output[];
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
