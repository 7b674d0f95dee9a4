import { buildCommand } from "@stricli/core";
import type { CliContext } from "../context.ts";
import type { HelpText } from "../help-text.ts";
import type { PlanFlags } from "../commands/plan-command.ts";
import { file, invariantFile, policy, seed, strategy, systemFile, under } from "./parameters.ts";

export const planHelp: HelpText = {
  intro: `Prints the plan that a seed makes of a scenario: JSON with one operation or
fault a line, to edit and replay.`,
  outro: `EXAMPLES
  cache-sim plan partition-heal --policy seed --seed 17 > my.plan.json
  cache-sim replay my.plan.json`,
};

export const plan = buildCommand<PlanFlags, [string], CliContext>({
  docs: {
    brief: "Print the plan that a seed makes of a scenario",
    fullDescription: planHelp.intro,
    customUsage: ["FILE.yaml --policy NAME --seed N", "STUDY.yaml --under CONDITION --policy NAME --seed N"],
  },
  parameters: {
    flags: {
      system: systemFile,
      policy: { ...policy, brief: "Policy that the plan is for", optional: true },
      seed: { ...seed, brief: "Seed to draw the plan from" },
      strategy,
      under,
      invariant: invariantFile,
    },
    positional: { kind: "tuple", parameters: [{ ...file, brief: "Scenario file or name" }] },
  },
  loader: () => import("../commands/plan-command.ts"),
});
