import { buildCommand } from "@stricli/core";
import type { ExplainFlags } from "../commands/explain-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseRuns } from "../parse/parse-budget.ts";
import { file, whichFailure, whichRun } from "./parameters.ts";

export const explainHelp: HelpText = {
  intro: `Says why a plan fails, in three ways: what led to the violation, step by step,
with the event of the trace that shows each step; when it was decided, which is
found by keeping all choices until some moment and drawing the later ones anew,
many times; and which parts of the plan it cannot do without, one at a time.

With --html the page of the run shows the same: the story as numbers in the
diagram, and how likely the failure was over the time.

Shrink the plan first: what is left out needs no explanation.`,
  outro: `EXAMPLES
  cache-sim explain reports/partition-heal-seed-1.shrunk.plan.json
  cache-sim explain partition-heal --policy seed --seed 1 --runs 100
  cache-sim explain my.plan.json --html why.html
  cache-sim explain my.plan.json --json

${EXIT_CODES}`,
};

export const explain = buildCommand<ExplainFlags, [string], CliContext>({
  docs: {
    brief: "Say why a plan fails",
    fullDescription: explainHelp.intro,
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
      runs: {
        kind: "parsed",
        parse: parseRuns,
        brief: "Runs for each moment; 50 without it",
        placeholder: "N",
        optional: true,
      },
      html: {
        kind: "parsed",
        parse: String,
        brief: "Write a page for a browser too",
        placeholder: "FILE.html",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print all of it as JSON", default: false, withNegated: false },
    },
    positional: {
      kind: "tuple",
      parameters: [{ ...file, brief: "Plan (JSON), or scenario (YAML) with --policy and --seed" }],
    },
  },
  loader: () => import("../commands/explain-command.ts"),
});
