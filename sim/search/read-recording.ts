import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { whyUnreadable } from "../run/load/load-file.ts";
import { createCsvReader, type CsvRecord } from "../run/recorded/csv.ts";
import { createRecorder, type Recorded } from "../run/recorded/recorder.ts";
import { RecordingError } from "../run/recorded/recording.ts";
import type { ScenarioTrace } from "../run/scenario/scenario-trace.ts";

/** More than this, unpacked, is not looked through for rows. */
const BYTES_MAX = 1_000_000_000;

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
  const plain = file.endsWith(".gz") ? pipeline(source, createGunzip(), () => undefined) : source;
  // A key that is not UTF-8 could be taken for another one.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let byteCount = 0;
  try {
    for await (const piece of plain) {
      const bytes = piece as Uint8Array;
      byteCount += bytes.length;
      if (byteCount > BYTES_MAX)
        throw new RecordingError(`${file}: no ${spec.rows} rows in its first gigabyte`);
      if (take(reader.push(decoder.decode(bytes, { stream: true })))) return recorder.end();
    }
    take([...reader.push(decoder.decode()), ...reader.end()]);
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
  if (code === "Z_BUF_ERROR") return "cut off: its end is missing";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "not UTF-8 text: expected a recorded trace";
  if (/^Z_|^ERR_ZLIB/.test(code)) return "damaged, or not packed by gzip";
  return whyUnreadable(file, error as NodeJS.ErrnoException, "a recorded trace");
}
