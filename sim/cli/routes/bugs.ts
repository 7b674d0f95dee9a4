import { buildCommand } from "@stricli/core";
import type { BugsFlags } from "../commands/bugs-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { parseMaxSeeds, parseRanges } from "../parse/parse-ranges.ts";
import { strategy } from "./parameters.ts";
import { parseWorkers } from "../parse/parse-workers.ts";

export const bugsHelp: HelpText = {
  intro: `Puts the harness to the test: plants the defects of the bug bank in the cache,
one at a time, and hunts each through several ranges of seeds until it is found.
Every seed is run without the defect as well, where nothing may be found.

All is well when each defect is found in every range and there is no false
alarm.`,
  outro: `EXAMPLES
  cache-sim bugs --ranges 5
  cache-sim bugs --bug votes-at-once --bug 'near-*'
  cache-sim bugs --bug 35 --json

${EXIT_CODES}`,
};

export const bugs = buildCommand<BugsFlags, [], CliContext>({
  docs: { brief: "Hunt defects that are planted in the cache", fullDescription: bugsHelp.intro },
  parameters: {
    flags: {
      bug: {
        kind: "parsed",
        parse: String,
        brief: "Number or name, * for anything; repeatable",
        placeholder: "ID",
        variadic: true,
        optional: true,
      },
      ranges: {
        kind: "parsed",
        parse: parseRanges,
        brief: "How many ranges of seeds",
        placeholder: "N",
        default: "20",
      },
      maxSeeds: {
        kind: "parsed",
        parse: parseMaxSeeds,
        brief: "Most seeds of a range",
        placeholder: "N",
        default: "2000",
      },
      strategy,
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print data", default: false, withNegated: false },
    },
  },
  loader: () => import("../commands/bugs-command.ts"),
});
