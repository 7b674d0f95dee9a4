import { buildCommand } from "@stricli/core";
import type { ExploreFlags } from "../commands/explore-command.ts";
import type { CliContext } from "../context.ts";
import { type HelpText } from "../help-text.ts";
import { parsePages } from "../parse/parse-pages.ts";
import { parsePrecision } from "../parse/parse-precision.ts";
import { parseSeedCount } from "../parse/parse-seed-count.ts";
import { parseWorkers } from "../parse/parse-workers.ts";

export const exploreHelp: HelpText = {
  intro: `Compares replication policies: what each costs, and what it breaks, under the
same networks, faults and workloads and with the same seeds, so that every
difference is one between runs that have all else in common. Each figure comes
with a 95% interval and the paired difference to a baseline.

A study is a YAML file: policies, parameters, networks, faults, workloads,
measures, and perhaps bounds; then the cheapest policy that meets them is named,
and for each of the others the bound that it does not meet.`,
  outro: `FORMATS
  With --out each format is a file of that folder: html, md, csv, json; and there
  is a page of some runs that break something, linked from the html.

EXAMPLES
  cache-sim explore studies/quorum-sizes.yaml
  cache-sim explore studies/sound-policies.yaml --seeds 400
  cache-sim explore my-study.yaml --precision 5% --out reports/mine
  cache-sim explore --measures`,
};

export const explore = buildCommand<ExploreFlags, string[], CliContext>({
  docs: {
    brief: "Compare policies by cost, latency, staleness and losses",
    fullDescription: exploreHelp.intro,
    customUsage: ["STUDY... [FLAGS]"],
  },
  parameters: {
    flags: {
      seeds: {
        kind: "parsed",
        parse: parseSeedCount,
        brief: "At most so many seeds, instead of the study's",
        placeholder: "N",
        optional: true,
      },
      precision: {
        kind: "parsed",
        parse: parsePrecision,
        brief: "End when all intervals are so narrow",
        placeholder: "SHARE",
        optional: true,
      },
      workers: {
        kind: "parsed",
        parse: parseWorkers,
        brief: "Worker threads; one a core without it",
        placeholder: "N",
        optional: true,
      },
      out: {
        kind: "parsed",
        parse: String,
        brief: "Folder for the reports",
        placeholder: "DIR",
        optional: true,
      },
      pages: {
        kind: "parsed",
        parse: parsePages,
        brief: "Pages of broken runs, at most",
        placeholder: "N",
        default: "8",
      },
      measures: { kind: "boolean", brief: "List the measures", default: false, withNegated: false },
    },
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "STUDY", brief: "File of a study" },
    },
  },
  loader: () => import("../commands/explore-command.ts"),
});
