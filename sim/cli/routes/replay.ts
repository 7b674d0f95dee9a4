import { buildCommand } from "@stricli/core";
import { type ReplayFlags, parseEvent, parseExportKind, parseStatePlace } from "../commands/replay-flags.ts";
import type { CliContext } from "../context.ts";
import { type HelpText, EXIT_CODES } from "../help-text.ts";
import { file, invariantFile, whichRun } from "./parameters.ts";

const event = { kind: "parsed", parse: parseEvent, placeholder: "EVENT" } as const;

export const replayHelp: HelpText = {
  intro: `Runs one plan again with everything recorded, and prints what it does, the
hash of its trace, each violation with the operations that prove it, and the
events around the first one. The same plan prints the same text on every
machine. With --twice it is run twice more and compared, which finds a system
that is not deterministic, and the first event in which that shows.

With --until, --around, --state or --print it prints that part of the run in
place of the whole report. A trace file is run again from the plan in it, and
must come out the same.

FORMATS of --export
  perfetto  for ui.perfetto.dev and chrome://tracing
  shiviz    for ShiViz: events with vector clocks
  mermaid   a sequence diagram of what is around the violation
  otlp      OpenTelemetry spans, in JSON
  jsonl     the trace, unpacked
  edn       what the clients saw, for Knossos and Jepsen
  jepsen    the same as a log of Jepsen's
  history   the same with all that we know, one operation a line`,
  outro: `EXAMPLES
  cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17
  cache-sim replay my.plan.json --html run.html
  cache-sim replay my.plan.json --step
  cache-sim replay my.plan.json --around 251 --state n3@251
  cache-sim replay my.plan.json --export perfetto run.json
  cache-sim replay --diff before.jsonl.gz after.jsonl.gz
  cache-sim replay reports/partition-heal-seed-17.plan.json --log all
  cache-sim replay partition-heal --policy seed --seed 17 --trace t.jsonl.gz
  cache-sim replay my.plan.json --log none --twice
  cache-sim replay my.plan.json --export edn h.edn
  cache-sim check h.edn

${EXIT_CODES}`,
};

export const replay = buildCommand<ReplayFlags, string[], CliContext>({
  docs: {
    brief: "Run one plan again and show what happened",
    fullDescription: replayHelp.intro,
    customUsage: [
      "FILE.plan.json [FLAGS]",
      "FILE.yaml --policy NAME --seed N [FLAGS]",
      "STUDY.yaml --under CONDITION --policy NAME --seed N [FLAGS]",
      "FILE.jsonl.gz [FLAGS]",
      "FILE --export FORMAT OUT",
      "--diff A.jsonl.gz B.jsonl.gz",
    ],
  },
  parameters: {
    flags: {
      ...whichRun,
      invariant: invariantFile,
      log: {
        kind: "enum",
        values: ["violation", "all", "none"],
        brief: "Events to print",
        default: "violation",
      },
      until: { ...event, brief: "Print the events up to one", optional: true },
      around: { ...event, brief: "Print what is around an event", optional: true },
      state: {
        kind: "parsed",
        parse: parseStatePlace,
        brief: "Print the state of a machine",
        placeholder: "n2@EVENT",
        optional: true,
      },
      print: {
        kind: "enum",
        values: ["journal"],
        brief: "Print each machine's own audit log",
        optional: true,
      },
      step: {
        kind: "boolean",
        brief: "Walk through the events in the terminal",
        default: false,
        withNegated: false,
      },
      diff: {
        kind: "boolean",
        brief: "Compare two traces",
        default: false,
        withNegated: false,
      },
      html: {
        kind: "parsed",
        parse: String,
        brief: "Write a page for a browser",
        placeholder: "FILE.html",
        optional: true,
      },
      export: {
        kind: "parsed",
        parse: parseExportKind,
        brief: "Write the run for another tool",
        placeholder: "FORMAT",
        optional: true,
      },
      trace: {
        kind: "parsed",
        parse: String,
        brief: "Write the whole trace",
        placeholder: "FILE.jsonl.gz",
        optional: true,
      },
      twice: {
        kind: "boolean",
        brief: "Compare two runs, event by event",
        default: false,
        withNegated: false,
      },
      strict: {
        kind: "boolean",
        brief: "Fail on any violation",
        default: false,
        withNegated: false,
      },
    },
    positional: {
      kind: "array",
      parameter: {
        ...file,
        brief: "Plan, trace, or scenario with --policy and --seed; then OUT",
      },
      minimum: 1,
      maximum: 2,
    },
  },
  loader: () => import("../commands/replay-command.ts"),
});
