import { buildCommand } from "@stricli/core";
import type { ShrinkFlags } from "../commands/shrink-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseRuns, parseTimeBudget } from "../parse/parse-budget.ts";
import { parseName } from "../parse/parse-name.ts";
import { file, whichFailure, whichRun } from "./parameters.ts";

export const shrinkHelp: HelpText = {
  intro: `Makes a failing plan small: leaves out operations, faults, machines and choices
as long as it fails in the same way, then makes times and strengths round. The
same way means: the same invariant, under the same policy, proved by the same
kinds of operations with the same kinds of results. Nothing is done that might
turn the plan into one that no correct system survives.

The same plan and the same --candidates give the same result. The plan and the
result are run twice before they are believed. With --save the result is kept
in scenarios/regressions/, where cache-sim run replays it: with the expectation
"fails" for what the policy does not promise, "passes" for what it does.`,
  outro: `EXAMPLES
  cache-sim shrink scenarios/partition-heal.yaml --policy seed --seed 17
  cache-sim shrink calm --policy seed --seed 1 --invariant linearizable
  cache-sim shrink my.plan.json --time-budget 30s --out small.plan.json
  cache-sim shrink my.plan.json --html small.html
  cache-sim shrink my.plan.json --save lost-update --story "Two sets, one lost."

${EXIT_CODES}`,
};

export const shrink = buildCommand<ShrinkFlags, [string], CliContext>({
  docs: {
    brief: "Make a failing plan small, and keep it",
    fullDescription: shrinkHelp.intro,
    customUsage: [
      "FILE.plan.json [FLAGS]",
      "FILE.yaml --policy NAME --seed N [FLAGS]",
      "STUDY.yaml --under CONDITION --policy NAME --seed N [FLAGS]",
    ],
  },
  parameters: {
    flags: {
      ...whichRun,
      invariant: whichFailure,
      candidates: {
        kind: "parsed",
        parse: parseRuns,
        brief: "How many plans may be tried; 5000 without it",
        placeholder: "N",
        optional: true,
      },
      timeBudget: {
        kind: "parsed",
        parse: parseTimeBudget,
        brief: "Limit in real time, such as 30s",
        placeholder: "TIME",
        optional: true,
      },
      out: { kind: "parsed", parse: String, brief: "Plan to write", placeholder: "FILE", optional: true },
      html: {
        kind: "parsed",
        parse: String,
        brief: "Write a page that explains the result",
        placeholder: "FILE.html",
        optional: true,
      },
      save: {
        kind: "parsed",
        parse: parseName,
        brief: "Keep it as a regression",
        placeholder: "NAME",
        optional: true,
      },
      story: {
        kind: "parsed",
        parse: String,
        brief: "What the regression is about",
        placeholder: "TEXT",
        optional: true,
      },
      expect: {
        kind: "enum",
        values: ["fails", "passes"],
        brief: "How the regression has to end",
        optional: true,
      },
      force: { kind: "boolean", brief: "Replace a regression", default: false, withNegated: false },
    },
    positional: {
      kind: "tuple",
      parameters: [{ ...file, brief: "Plan (JSON), or scenario (YAML) with --policy and --seed" }],
    },
  },
  loader: () => import("../commands/shrink-command.ts"),
});
