import { failed, type Loaded } from "../run/load/load-problem.ts";
import { checkHistory, type CheckHistoryOptions, type HistoryReport } from "./check-history.ts";
import type { Dialect, HistoryFormat } from "./formats/history-format.ts";
import { HistoryProblem } from "./formats/history-problem.ts";
import type { RecordedOperation } from "./formats/recorded-history.ts";
import { readHistory } from "./formats/read-history.ts";
import { guessModel, modelByName } from "./models/index.ts";
import { unknownOperations } from "./models/model-guess.ts";
import type { Model } from "./models/model.ts";

/** How to read and judge a history; whatever is left out is guessed, or as the format has it. */
export interface CheckBytesOptions extends Omit<CheckHistoryOptions, "dialect" | "model"> {
  readonly model?: Model | undefined;
  readonly format?: HistoryFormat | undefined;
  readonly dialect?: Partial<Omit<Dialect, "initial">> | undefined;
}

export interface CheckedHistory {
  readonly report: HistoryReport;
  readonly format: string;
  readonly isFormatGuessed: boolean;
  readonly model: string;
  readonly isModelGuessed: boolean;
}

/**
 * Reads a history from the bytes of a file and checks it.
 *
 * @param file its name, for the problems
 */
export async function checkBytes(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  file: string,
  options: CheckBytesOptions,
): Promise<Loaded<CheckedHistory>> {
  const read = await readHistory(bytes, file, options.format ?? null);
  if (!read.ok) return read;
  const { history, format, isGuessed } = read.value;
  try {
    const model = options.model ?? modelFor(format, history.operations);
    const dialect = { ...format.dialect, ...options.dialect };
    return {
      ok: true,
      value: {
        report: checkHistory(history, { ...options, model, dialect }),
        format: format.name,
        isFormatGuessed: isGuessed,
        model: model.name,
        isModelGuessed: options.model === undefined,
      },
    };
  } catch (error) {
    if (!(error instanceof HistoryProblem)) throw error;
    const { line, column, message } = error;
    return failed([{ file, position: line === 0 ? null : { line, column }, path: "", message }]);
  }
}

function modelFor(format: HistoryFormat, operations: readonly RecordedOperation[]): Model {
  const usual = format.model === undefined ? undefined : modelByName(format.model);
  const model = usual ?? guessModel(operations);
  if (model !== null) return model;
  throw unknownOperations(operations[0]?.line ?? 1, [...new Set(operations.map(({ f }) => f))]);
}
