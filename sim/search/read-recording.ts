import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { whyUnreadable } from "../run/load/load-file.ts";
import { createCsvReader, type CsvRecord } from "../run/recorded/csv.ts";
import { createRecorder, type Recorded } from "../run/recorded/recorder.ts";
import { RecordingError } from "../run/recorded/recording.ts";
import type { ScenarioTrace } from "../run/scenario/scenario-trace.ts";

/** More than this, unpacked, is not looked through for rows. */
const CHARACTERS_MAX = 1_000_000_000;

/**
 * Reads the first rows of a recorded trace. The file is streamed, and closed as soon as there are enough.
 *
 * @param file as it is named in problems
 * @throws RecordingError when it cannot be read, has not the columns, or too many of its rows say nothing
 */
export async function readRecording(file: string, spec: ScenarioTrace): Promise<Recorded> {
  const recorder = createRecorder(file, spec);
  const reader = createCsvReader(spec.delimiter);
  const source = createReadStream(file);
  // A problem of either end of the pipeline is one of reading from it.
  const text = file.endsWith(".gz") ? pipeline(source, createGunzip(), () => undefined) : source;
  text.setEncoding("utf8");
  let characters = 0;
  try {
    for await (const piece of text) {
      characters += (piece as string).length;
      if (characters > CHARACTERS_MAX)
        throw new RecordingError(`${file}: no ${spec.rows} rows in its first gigabyte`);
      if (take(reader.push(piece as string))) return recorder.end();
    }
    take(reader.end());
    return recorder.end();
  } catch (error) {
    throw error instanceof RecordingError ? error : new RecordingError(`${file}: ${whyNot(file, error)}`);
  } finally {
    source.destroy();
  }

  /** Whether there are enough now. */
  function take(records: readonly CsvRecord[]): boolean {
    return records.some((record) => recorder.take(record));
  }
}

function whyNot(file: string, error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (/^Z_|^ERR_ZLIB/.test(code)) return "damaged, or not packed by gzip";
  return whyUnreadable(file, error as NodeJS.ErrnoException, "a recorded trace");
}
