import { buildCommand } from "@stricli/core";
import type { RunFlags } from "../commands/run-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseFailures, parseTimeBudget } from "../parse/parse-budget.ts";
import { parseGlob } from "../parse/parse-glob.ts";
import { parseName } from "../parse/parse-name.ts";
import { parseOutput } from "../parse/parse-output.ts";
import { parseSeeds } from "../parse/parse-seeds.ts";
import { parseShard } from "../parse/parse-shard.ts";
import { parseWorkers } from "../parse/parse-workers.ts";
import { policy } from "./parameters.ts";

/** Chosen so that the first row is there in two seconds, and the default campaign is over in some ten. */
const SEEDS_USUAL = "1..20";

export const runHelp: HelpText = {
  intro: `Runs each scenario under each policy with each seed, and prints a row for each
pair as it finishes; then every distinct violation with the command that
replays it. The plans of violating seeds are written to the reports folder,
with --html each with a page beside it that shows the run in a browser.

A row is clean, expected (broken is only what the policy does not promise) or
FAILED. Some of the seeds are run twice: a run that is not the same the second
time is a failure of its own.`,
  outro: `EXAMPLES
  cache-sim run
  cache-sim run partition-heal ttl-expiry --seeds 1..1000
  cache-sim run my-scenarios/ --policy abd --strict --workers 8
  cache-sim run partition-heal --policy abd --seeds 1..500 --shrink
  cache-sim run partition-heal --html
  cache-sim run --seeds 1..8000 --shard 3/8 --output json=shard-3.json
  cache-sim run --fail-fast --output junit=report.xml --output github=-

${EXIT_CODES}`,
};

export const run = buildCommand<RunFlags, string[], CliContext>({
  docs: {
    brief: "Run scenarios with many seeds and report what broke",
    fullDescription: runHelp.intro,
    customUsage: ["[SCENARIO...] [FLAGS]"],
  },
  parameters: {
    flags: {
      policy: {
        ...policy,
        brief: "Policy to run; repeat it for several",
        variadic: true,
        optional: true,
      },
      seeds: {
        kind: "parsed",
        parse: parseSeeds,
        brief: "One seed or a range",
        placeholder: "FROM..TO",
        default: SEEDS_USUAL,
      },
      scenario: {
        kind: "parsed",
        parse: parseGlob,
        brief: "Only scenarios with such a name",
        placeholder: "GLOB",
        variadic: true,
        optional: true,
      },
      tag: {
        kind: "parsed",
        parse: parseName,
        brief: "Only scenarios that have this tag",
        placeholder: "TAG",
        variadic: true,
        optional: true,
      },
      shard: {
        kind: "parsed",
        parse: parseShard,
        brief: "One machine's part of the seeds",
        placeholder: "I/N",
        optional: true,
      },
      timeBudget: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "Stop after so long, as in 60s",
        placeholder: "TIME",
        optional: true,
      },
      maxFailures: {
        kind: "parsed",
        parse: parseFailures,
        brief: "Stop at the Nth failing seed",
        placeholder: "N",
        optional: true,
      },
      failFast: {
        kind: "boolean",
        brief: "Stop at the first failing seed",
        default: false,
        withNegated: false,
      },
      seedTimeout: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "End a run that takes longer; 2m",
        placeholder: "TIME",
        optional: true,
      },
      output: {
        kind: "parsed",
        parse: parseOutput,
        brief: "Write json, junit, markdown, ...",
        placeholder: "FORMAT=FILE",
        variadic: true,
        optional: true,
      },
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      strict: {
        kind: "boolean",
        brief: "Fail on any violation",
        default: false,
        withNegated: false,
      },
      shrink: {
        kind: "boolean",
        brief: "Make unexpected failures small",
        default: false,
        withNegated: false,
      },
      reports: {
        kind: "parsed",
        parse: String,
        brief: "Folder for plans and pages",
        placeholder: "DIR",
        default: "reports",
      },
      html: {
        kind: "boolean",
        brief: "Write a page to look at for each plan",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "array",
      parameter: {
        parse: String,
        placeholder: "SCENARIO",
        brief: "File, folder or name; everything in scenarios/ without it",
      },
    },
  },
  loader: () => import("../commands/run-command.ts"),
});
