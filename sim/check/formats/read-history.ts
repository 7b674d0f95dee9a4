import type { Loaded } from "../../run/load/load-problem.ts";
import { guessFormat, type HistoryFormat, historyFormats } from "./history-format.ts";
import { HistoryProblem } from "./history-problem.ts";
import type { RecordedHistory } from "./recorded-history.ts";
import { textChunks } from "./text-chunks.ts";

export interface ReadHistory {
  readonly history: RecordedHistory;
  readonly format: HistoryFormat;
  readonly isGuessed: boolean;
}

/** A guess needs to see at least the first operation. */
const BEGINNING_LENGTH = 65_536;

/**
 * Reads a history piece by piece; what is kept is its operations.
 *
 * @param file its name, for the problems
 * @param format null to guess it from the beginning
 */
export async function readHistory(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
  format: HistoryFormat | null,
): Promise<Loaded<ReadHistory>> {
  try {
    const { chosen, text } = await openHistory(textChunks(bytes), format);
    const history = await chosen.read(text);
    if (history.operations.length === 0) throw new HistoryProblem(1, "there is no operation in it");
    return { ok: true, value: { history, format: chosen, isGuessed: format === null } };
  } catch (error) {
    if (!(error instanceof HistoryProblem)) throw error;
    const { line, column, message } = error;
    return { ok: false, problems: [{ file, position: { line, column }, path: "", message }] };
  }
}

/**
 * The format of a text, and the text, of which nothing is lost.
 *
 * @param format null to guess it from the beginning
 * @throws HistoryProblem when it is none that is known
 */
export async function openHistory(chunks: AsyncGenerator<string>, format: HistoryFormat | null) {
  const { beginning, text } = await peek(chunks);
  const chosen = format ?? guessFormat(beginning);
  if (chosen === null) throw new HistoryProblem(1, whyUnknown(beginning));
  return { chosen, text };
}

function whyUnknown(beginning: string): string {
  if (beginning.trim() === "") return "the file is empty: expected a history";
  const names = historyFormats.map(({ name }) => name).join(", ");
  return `not a history in any form that is known (${names}): --format says which it is`;
}

async function peek(chunks: AsyncGenerator<string>) {
  const held: string[] = [];
  let length = 0;
  let isEnded = false;
  while (length < BEGINNING_LENGTH && !isEnded) {
    const next = await chunks.next();
    if (next.done === true) isEnded = true;
    else {
      held.push(next.value);
      length += next.value.length;
    }
  }
  async function* text(): AsyncGenerator<string> {
    yield* held.splice(0);
    if (!isEnded) yield* chunks;
  }
  return { beginning: held.join(""), text: text() };
}
