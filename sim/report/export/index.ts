import { recordedRun } from "../../check/formats/recorded-run.ts";
import { type HistoryWriter, historyWriters } from "../../check/formats/write-history.ts";
import type { Replay } from "../../trace/replay.ts";
import { type Writer, traceLines } from "../trace-lines.ts";
import type { ExportKind } from "./kinds.ts";
import { mermaidLines } from "./mermaid.ts";
import { otlpLines } from "./otlp.ts";
import { perfettoLines } from "./perfetto.ts";
import { shivizLines } from "./shiviz.ts";

/** A run in another tool's format, as pieces of text that follow one another. */
export function exportLines(kind: ExportKind, replay: Replay, writer: Writer): Iterable<string> {
  switch (kind) {
    case "perfetto":
      return perfettoLines(replay);
    case "shiviz":
      return shivizLines(replay);
    case "mermaid":
      return mermaidLines(replay);
    case "otlp":
      return otlpLines(replay, writer);
    case "jsonl":
      return traceLines(replay, writer);
    case "history":
      return historyLines("jsonl", replay);
    case "edn":
    case "jepsen":
      return historyLines(kind, replay);
  }
}

function historyLines(name: HistoryWriter["name"], { outcome }: Replay): Iterable<string> {
  const writer = historyWriters.find((each) => each.name === name);
  if (writer === undefined) throw new RangeError(`no history can be written as ${name}`);
  return writer.write(recordedRun(outcome.record));
}
