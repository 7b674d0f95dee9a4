import { ednEvent } from "./edn-events.ts";
import type { HistoryEvent } from "./history-event.ts";
import { jepsenLogEvent } from "./jepsen-log-events.ts";
import { type HistoryItem, jsonlItems, readJsonl } from "./jsonl-history.ts";
import { splitKeyedValues } from "./keyed-values.ts";
import { createPairing } from "./pair-events.ts";
import type { Data, RecordedHistory, RecordedOperation } from "./recorded-history.ts";
import { splitForms } from "./split-forms.ts";
import { type Piece, splitLines } from "./split-lines.ts";

/** What the same words mean to different tools. */
export interface Dialect {
  /**
   * What a read of null says: that there was nothing, or nothing at all (any value may have been there, as Knossos has
   * it).
   */
  readonly nilRead: "absent" | "unknown";
  /** What a failed compare-and-set says: that the value was another one, or nothing at all. */
  readonly failedCas: "mismatch" | "ignored";
  /** What is there in the beginning, if the format says so for a model. */
  readonly initial: Readonly<Record<string, Data>>;
}

export interface HistoryFormat {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly dialect: Dialect;
  /** The model of such histories, where there is only one. */
  readonly model?: string;
  /** @throws HistoryProblem */
  read(text: AsyncIterable<string>): Promise<RecordedHistory>;
  /**
   * The same, one by one, without anything that takes knowing them all: operations that have times have no places yet,
   * and keys that are part of their values are still there.
   *
   * @throws HistoryProblem
   */
  stream(text: AsyncIterable<string>): AsyncGenerator<HistoryItem>;
}

async function* streamEvents(
  pieces: AsyncIterable<Piece>,
  parse: (piece: Piece) => HistoryEvent | null,
): AsyncGenerator<HistoryItem> {
  const settled: RecordedOperation[] = [];
  const pairing = createPairing((operation) => settled.push(operation));
  for await (const piece of pieces) {
    const event = parse(piece);
    if (event === null) continue;
    pairing.add(event, piece.line);
    yield* settled.splice(0);
  }
  yield* pairing.finish();
}

async function readEvents(
  pieces: AsyncIterable<Piece>,
  parse: (piece: Piece) => HistoryEvent | null,
): Promise<RecordedHistory> {
  const pairing = createPairing();
  for await (const piece of pieces) {
    const event = parse(piece);
    if (event !== null) pairing.add(event, piece.line);
  }
  return { operations: splitKeyedValues(pairing.finish()) };
}

export const historyFormats: readonly HistoryFormat[] = [
  {
    name: "jsonl",
    summary: "JSON Lines, one operation a line, as this tool writes it.",
    dialect: { nilRead: "absent", failedCas: "ignored", initial: {} },
    read: (text) => readJsonl(splitLines(text)),
    stream: (text) => jsonlItems(splitLines(text)),
  },
  {
    name: "jepsen",
    summary: "Jepsen's log; a read of nil found nothing, a failed cas found another value.",
    dialect: { nilRead: "absent", failedCas: "mismatch", initial: {} },
    read: (text) => readEvents(splitLines(text), jepsenLogEvent),
    stream: (text) => streamEvents(splitLines(text), jepsenLogEvent),
  },
  {
    name: "edn",
    summary: "EDN of Knossos and Jepsen; a read of nil says nothing, nor does a failed cas.",
    dialect: { nilRead: "unknown", failedCas: "ignored", initial: { "cas-register": 0 } },
    read: (text) => readEvents(splitForms(text), ednEvent),
    stream: (text) => streamEvents(splitForms(text), ednEvent),
  },
  {
    name: "porcupine",
    summary: "EDN of Porcupine's key-value tests: get, put and append of texts.",
    model: "kv",
    dialect: { nilRead: "absent", failedCas: "ignored", initial: {} },
    read: (text) => readEvents(splitForms(text), ednEvent),
    stream: (text) => streamEvents(splitForms(text), ednEvent),
  },
];

export function formatByName(name: string): HistoryFormat | undefined {
  return historyFormats.find((format) => format.name === name);
}

/**
 * The format that a text seems to be in, from its beginning; null when it is none of them.
 *
 * @param beginning some lines, or all there is
 */
export function guessFormat(beginning: string): HistoryFormat | null {
  return formatByName(guessName(beginning.replace(/^\uFEFF/, "").trimStart())) ?? null;
}

function guessName(text: string): string {
  if (/^\{\s*"/.test(text)) return "jsonl";
  if (/^(?:INFO|WARN|DEBUG)\s|^jepsen\.util - /.test(text)) return "jepsen";
  if (!/^(?:\{\s*:|[[(;#])/.test(text)) return "";
  return /:f\s+:(?:get|put|append)\b/.test(text) ? "porcupine" : "edn";
}
