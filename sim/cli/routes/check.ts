import { buildCommand } from "@stricli/core";
import type { CheckFlags } from "../commands/check-command.ts";
import type { CliContext } from "../context.ts";
import type { HelpText } from "../help-text.ts";
import { parseMillis, parseSteps } from "../parse/parse-check-flags.ts";

export const checkHelp: HelpText = {
  intro: `Checks whether recorded histories, of any system, are linearizable. Each key
is an object of its own. A register whose written values are unique is judged
exactly in O(n log n); everything else by a search that counts its steps, so
that a verdict is the same on every machine.

A violation comes with its certificate: the operations that cannot all be
right. What was not decided within the budget is unknown, and not a pass.

FORMATS
  jsonl      one operation a line, as replay --export history writes it
  jepsen     the log of Jepsen: a read of nil found nothing, a failed cas found
             another value
  edn        of Knossos and Jepsen: a read of nil says nothing, nor does a
             failed cas; a cas-register begins with 0
  porcupine  EDN with get, put and append

MODELS
  register (read, write, delete), cas-register (with cas [old new]), kv (get,
  put, append, delete), counter (add, inc, dec, read), set (add, remove,
  contains, read), queue (enqueue, dequeue), lock (acquire, release)

A history of up to 256 MiB is held in about seven times as much memory; a larger
one is refused: split it by key, since keys are checked one by one.

A folder with a table verdicts.tsv (a line file<tab>linearizable, then a line
with true or false for each history) is checked as that table says; of another
folder, what is called .jsonl, .log, .edn or .txt.`,
  outro: `EXAMPLES
  cache-sim check history.edn --model cas-register
  cache-sim check results/ --json
  gunzip -c history.jsonl.gz | cache-sim check - --format jsonl

EXIT CODES
  0    linearizable; of a table: all as it says
  1    a violation; of a table: a verdict that is not as it says
  2    bad usage, or a history that cannot be read, and no violation
  3    not decided within the budget, and none of the above`,
};

export const check = buildCommand<CheckFlags, string[], CliContext>({
  docs: {
    brief: "Check recorded histories, of any system",
    fullDescription: checkHelp.intro,
    customUsage: ["FILE... [--model NAME] [--format NAME] [FLAGS]"],
  },
  parameters: {
    flags: {
      model: {
        kind: "parsed",
        parse: String,
        brief: "Guessed without it",
        placeholder: "NAME",
        optional: true,
      },
      format: {
        kind: "parsed",
        parse: String,
        brief: "Guessed without it",
        placeholder: "NAME",
        optional: true,
      },
      initial: {
        kind: "parsed",
        parse: String,
        brief: "What is there first",
        placeholder: "JSON",
        optional: true,
      },
      nil: {
        kind: "enum",
        values: ["absent", "unknown"],
        brief: "What a read of nil says",
        optional: true,
      },
      failedCas: {
        kind: "enum",
        values: ["mismatch", "ignored"],
        brief: "What a failed cas says",
        optional: true,
      },
      misses: {
        kind: "enum",
        values: ["strict", "evictable", "uninformative"],
        brief: "What a miss says",
        optional: true,
      },
      skew: {
        kind: "parsed",
        parse: parseMillis,
        brief: "Band of the clocks",
        placeholder: "MS",
        optional: true,
      },
      steps: {
        kind: "parsed",
        parse: parseSteps,
        brief: "Budget of a search",
        placeholder: "N",
        optional: true,
      },
      json: { kind: "boolean", brief: "Print JSON", default: false, withNegated: false },
    },
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "FILE", brief: "History, folder, or - for standard input" },
    },
  },
  loader: () => import("../commands/check-command.ts"),
});
