import { buildCommand } from "@stricli/core";
import type { ListFlags } from "../commands/list-command.ts";
import type { CliContext } from "../context.ts";
import type { HelpText } from "../help-text.ts";
import { invariantFile, policy } from "./parameters.ts";

export const listHelp: HelpText = {
  intro: `Shows the scenarios of the folder scenarios/ (or those that come with cache-
sim, where there is none), the policies and what they promise, the kinds of
fault, and the invariants.`,
  outro: "",
};

export const list = buildCommand<ListFlags, [], CliContext>({
  docs: { brief: "Show scenarios, policies, faults and invariants", fullDescription: listHelp.intro },
  parameters: {
    flags: {
      policy: { ...policy, brief: "Policy file to show as well; repeatable", variadic: true, optional: true },
      invariant: { ...invariantFile, brief: "Invariant file to show as well", variadic: true },
    },
  },
  loader: () => import("../commands/list-command.ts"),
});
