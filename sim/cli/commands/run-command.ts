import { availableParallelism } from "node:os";
import type { SeedRange, Shard } from "../../search/job.ts";
import { builtModule } from "../../search/package-files.ts";
import { startWorkers } from "../../search/worker-pool.ts";
import { type CliContext, toAction } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Output } from "../parse/parse-campaign-flags.ts";

export interface RunFlags {
  /** A file of the user's own, of which `policy` is then a variant. */
  readonly system?: string;
  readonly policy?: readonly string[];
  /** Files of the user's own. */
  readonly invariant?: readonly string[];
  readonly tag?: readonly string[];
  readonly seeds: SeedRange;
  readonly strategy?: string;
  readonly workers?: number;
  readonly strict: boolean;
  readonly reports: string;
  /** Make small what was not expected. */
  readonly shrink: boolean;
  readonly html: boolean;
  readonly output?: readonly Output[];
  readonly shard?: Shard;
  /** Milliseconds. */
  readonly timeBudget?: number;
  readonly maxFailures?: number;
  readonly failFast: boolean;
  /** Milliseconds. */
  readonly runLimit?: number;
  readonly baseline?: string;
  /** A folder of failing plans that is kept from one campaign to the next. */
  readonly corpus?: string;
}

/** Half of the time until the first row is loading code, so the workers load theirs while this thread does. */
async function run(context: CliContext, flags: RunFlags, ...words: string[]): Promise<ExitCode> {
  const executor = startWorkers({
    systemsModule: builtModule("systems"),
    workers: flags.workers ?? availableParallelism(),
  });
  try {
    const { runScenarios } = await import("./run-scenarios.ts");
    return await runScenarios(context, flags, executor, words);
  } finally {
    await executor.close();
  }
}

export default toAction(run);
