import { buildCommand } from "@stricli/core";
import type { MergeFlags } from "../commands/merge-command.ts";
import type { CliContext } from "../context.ts";
import type { HelpText } from "../help-text.ts";
import { parseOutput } from "../parse/parse-output.ts";
import { file } from "./parameters.ts";

export const mergeHelp: HelpText = {
  intro: `Makes one report of those of all shards of a campaign: the one that a single
machine would have given, to the last byte apart from its timings.`,
  outro: `EXAMPLES
  cache-sim run --seeds 1..8000 --shard 3/8 --output json=shard-3.json
  cache-sim merge shard-*.json --output junit=report.xml

EXIT CODES
  0    no unexpected violation in any shard
  1    an unexpected violation, a run that could not end or is not deterministic
  2    a report that cannot be read or written, a shard that is missing or there
       twice, or shards of different campaigns`,
};

export const merge = buildCommand<MergeFlags, string[], CliContext>({
  docs: {
    brief: "Make one report of those of all shards",
    fullDescription: mergeHelp.intro,
    customUsage: ["FILE... [FLAGS]"],
  },
  parameters: {
    flags: {
      output: {
        kind: "parsed",
        parse: parseOutput,
        brief: "Write the report: json, junit, ...",
        placeholder: "FORMAT=FILE",
        variadic: true,
        optional: true,
      },
    },
    positional: { kind: "array", minimum: 1, parameter: { ...file, brief: "A shard's report (JSON)" } },
  },
  loader: () => import("../commands/merge-command.ts"),
});
