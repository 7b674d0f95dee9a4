import { buildCommand } from "@stricli/core";
import type { RunFlags } from "../commands/run-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseSeeds } from "../parse/parse-seeds.ts";
import { parseWorkers } from "../parse/parse-workers.ts";
import { invariantFile, policy } from "./parameters.ts";

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
      invariant: { ...invariantFile, variadic: true },
      seeds: {
        kind: "parsed",
        parse: parseSeeds,
        brief: "One seed or a range",
        placeholder: "FROM..TO",
        default: SEEDS_USUAL,
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
        brief: "Write a page for each plan",
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
