import { buildCommand } from "@stricli/core";
import type { MergeFlags } from "../commands/merge-command.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type HelpText } from "../help-text.ts";
import { file } from "./parameters.ts";
import { output } from "./campaign-parameters.ts";

export const mergeHelp: HelpText = {
  intro: `Makes one report of the reports of all shards of a campaign: the one that a
single machine would have given, to the byte, but for the timings. The shards
must be of one campaign, and all of them must be there, each once.`,
  outro: `EXAMPLES
  cache-sim run --shard 1/2 --output json=one.json
  cache-sim run --shard 2/2 --output json=two.json
  cache-sim merge one.json two.json --output junit=junit.xml

${EXIT_CODES}`,
};

export const merge = buildCommand<MergeFlags, string[], CliContext>({
  docs: {
    brief: "Make one report of those of all shards",
    fullDescription: mergeHelp.intro,
    customUsage: ["FILE.json... [FLAGS]"],
  },
  parameters: {
    flags: {
      output,
      baseline: {
        kind: "parsed",
        parse: String,
        brief: "Report whose problems are known",
        placeholder: "FILE.json",
        optional: true,
      },
    },
    positional: {
      kind: "array",
      parameter: { ...file, brief: "Reports that run --shard --output json=FILE wrote" },
      minimum: 1,
    },
  },
  loader: () => import("../commands/merge-command.ts"),
});
