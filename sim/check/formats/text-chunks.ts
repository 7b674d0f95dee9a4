import { HistoryProblem } from "./history-problem.ts";

/**
 * All operations of a history are held at once, in about seven times the bytes of its text; so many fit a heap of two
 * gigabytes. A larger file is checked part by part: see `checkLarge`.
 */
export const HISTORY_BYTES_MAX = 268_435_456;

const TOO_LARGE =
  `larger than ${HISTORY_BYTES_MAX / 1_048_576} MiB, the most that can be checked as it comes: write it to a file, ` +
  "which is checked part by part";

/**
 * Bytes of a file to text, piece by piece. Refuses what is not UTF-8 with a word on what it seems to be, and what is
 * too large to be held.
 *
 * @param bytesMax how much can be held
 */
export async function* textChunks(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  bytesMax = HISTORY_BYTES_MAX,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  let isFirst = true;
  let byteCount = 0;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    if (isFirst) refuseOtherEncodings(chunk);
    isFirst = false;
    byteCount += chunk.length;
    if (byteCount > bytesMax) throw new HistoryProblem(line, TOO_LARGE);
    const text = decodeOrThrow(() => decoder.decode(chunk, { stream: true }), line);
    if (text.includes("\0")) {
      throw new HistoryProblem(
        line + lineBreaks(text.slice(0, text.indexOf("\0"))),
        "a binary file: expected text",
      );
    }
    line += lineBreaks(text);
    yield text;
  }
  yield decodeOrThrow(() => decoder.decode(), line);
}

function decodeOrThrow(decode: () => string, line: number): string {
  try {
    return decode();
  } catch {
    throw new HistoryProblem(line, "not UTF-8 text, here or within the next lines: save the file as UTF-8");
  }
}

function refuseOtherEncodings([first = 0, second = 0]: Uint8Array): void {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new HistoryProblem(1, "UTF-16 text: save the file as UTF-8");
  }
  if (first === 0x1f && second === 0x8b) {
    throw new HistoryProblem(
      1,
      "compressed: give it through a pipe, as in gunzip -c FILE | cache-sim check -",
    );
  }
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
