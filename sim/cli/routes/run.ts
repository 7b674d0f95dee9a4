import { buildCommand } from "@stricli/core";
import type { RunFlags } from "../commands/run-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseTimeBudget } from "../parse/parse-budget.ts";
import { parseFailures, parseShard } from "../parse/parse-campaign-flags.ts";
import { parseSeeds } from "../parse/parse-seeds.ts";
import { parseWorkers } from "../parse/parse-workers.ts";
import { output } from "./campaign-parameters.ts";
import { invariantFile, policy, strategy, systemFile } from "./parameters.ts";

/** Chosen so that the first row is there in two seconds, and the default campaign is over in some ten. */
const SEEDS_USUAL = "1..20";

export const runHelp: HelpText = {
  intro: `Runs each scenario under each policy with each seed, and prints a row for each
pair as it finishes; then every distinct violation with the command that
replays it. The plans of violating seeds are written to the reports folder,
with --html each with a page beside it that shows the run in a browser.

First of all it replays the regressions of the scenario folder, and the plans of
--corpus, a folder of failing plans that is kept from one campaign to the next.
--seeds random:200 takes fresh seeds and prints them; 5f3c2e1:200 takes those
that belong to a text, such as a commit, always the same.

The report depends on the scenarios, the policies and the seeds alone, and not
on the number of workers; what depends on time is in a section of its own.
--max-failures counts scenario by scenario and seed by seed. A campaign that
--time-budget ends is marked partial, and is no failure if nothing was found.
With --baseline, an earlier JSON report, only new problems are a failure.

OUTPUT FORMATS, written to FILE, or printed with -
  json      everything, with a published schema; what merge and --baseline read
  junit     JUnit XML, for build servers
  markdown  a summary, for $GITHUB_STEP_SUMMARY
  github    annotations of GitHub actions, to be printed
  tap       Test Anything Protocol 14
  html      a page for a browser, which links the pages of --html beside it

A row is clean, expected (broken is only what the policy does not promise) or
FAILED. Some of the seeds are run twice: a run that is not the same the second
time is a failure of its own.`,
  outro: `EXAMPLES
  cache-sim run
  cache-sim run partition-heal ttl-expiry --seeds 1..1000
  cache-sim run my-scenarios/ --policy abd --strict --workers 8
  cache-sim run partition-heal --policy abd --seeds 1..500 --shrink
  cache-sim run partition-heal --html
  cache-sim run 'clock-*' --seeds random:500 --time-budget 60s
  cache-sim run --tag network --shard 1/4 --output json=shard-1.json
  cache-sim run --policy abd --output junit=junit.xml --output html=index.html

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
      system: systemFile,
      policy: {
        ...policy,
        brief: "Policy to run; repeat it for several",
        variadic: true,
        optional: true,
      },
      invariant: { ...invariantFile, variadic: true },
      tag: {
        kind: "parsed",
        parse: String,
        brief: "Only scenarios tagged so; repeatable",
        placeholder: "TAG",
        variadic: true,
        optional: true,
      },
      seeds: {
        kind: "parsed",
        parse: parseSeeds,
        brief: "A seed, a range, random:N or TEXT:N",
        placeholder: "FROM..TO",
        default: SEEDS_USUAL,
      },
      strategy,
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      timeBudget: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "Stop after so long, such as 60s",
        placeholder: "TIME",
        optional: true,
      },
      maxFailures: {
        kind: "parsed",
        parse: parseFailures,
        brief: "Stop with the Nth failing seed",
        placeholder: "N",
        optional: true,
      },
      failFast: {
        kind: "boolean",
        brief: "Stop with the first failing seed",
        default: false,
        withNegated: false,
      },
      runLimit: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "Longest real time of one run; 60s",
        placeholder: "TIME",
        optional: true,
      },
      shard: {
        kind: "parsed",
        parse: parseShard,
        brief: "One part of the seeds, such as 3/8",
        placeholder: "I/N",
        optional: true,
      },
      output,
      baseline: {
        kind: "parsed",
        parse: String,
        brief: "Report whose problems are known",
        placeholder: "FILE.json",
        optional: true,
      },
      corpus: {
        kind: "parsed",
        parse: String,
        brief: "Folder of failing plans to keep",
        placeholder: "DIR",
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
