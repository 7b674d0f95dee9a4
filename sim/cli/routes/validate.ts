import { buildCommand } from "@stricli/core";
import { validationTables } from "../../study/validation/tables.ts";
import type { ValidateFlags } from "../commands/validate-command.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type HelpText } from "../help-text.ts";
import { parseTrials } from "../parse/parse-trials.ts";
import { parseWorkers } from "../parse/parse-workers.ts";

export const validateHelp: HelpText = {
  intro: `Reproduces published numbers with the cache itself, in the simulator, and
prints them side by side: the tables of probabilistically bounded staleness,
k-staleness, the availability of quorums, the tail of fan-outs, placement, lost
writes. Two tables (queues, detector) are about what the cache has no use for;
there the simulation is a plain one, and says so.`,
  outro: `TABLES
  ${validationTables.join(", ")}

EXAMPLES
  cache-sim validate
  cache-sim validate pbs --trials 50000
  cache-sim validate quorums k-staleness --json

${EXIT_CODES}`,
};

/** For four digits where the published numbers have them, within some minutes. */
const TRIALS_USUAL = "20000";

export const validate = buildCommand<ValidateFlags, string[], CliContext>({
  docs: {
    brief: "Reproduce published numbers with the cache itself",
    fullDescription: validateHelp.intro,
    customUsage: ["[TABLE...] [FLAGS]"],
  },
  parameters: {
    flags: {
      trials: {
        kind: "parsed",
        parse: parseTrials,
        brief: "Writes and reads for each cell of pbs",
        placeholder: "N",
        default: TRIALS_USUAL,
      },
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print JSON", default: false, withNegated: false },
    },
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "TABLE", brief: "What to reproduce; everything without it" },
    },
  },
  loader: () => import("../commands/validate-command.ts"),
});
