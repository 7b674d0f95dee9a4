import { appendFileSync, createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Spill } from "../../check/large-history.ts";
import { HISTORY_BYTES_MAX } from "../../check/formats/text-chunks.ts";

/** Small enough for a heap of a gigabyte, large enough for few files. */
const PART_BYTES_USUAL = 33_554_432;
const PARTS_MAX = 256;

/** So much is kept of each part before it is written. */
const BUFFER_LENGTH_MAX = 262_144;

export interface SpillFiles extends Spill {
  /** Removes everything. */
  remove(): void;
}

/** The parts of a history as files in a new folder among the temporary ones. */
export function createSpillFiles(historyBytes: number): SpillFiles {
  const folder = mkdtempSync(join(tmpdir(), "cache-sim-check-"));
  const partCount = Math.min(PARTS_MAX, Math.max(2, Math.ceil(historyBytes / PART_BYTES_USUAL)));
  const buffers = Array.from({ length: partCount }, () => "");
  const fileOf = (part: number): string => join(folder, `${part}.jsonl`);

  function flush(part: number): void {
    appendFileSync(fileOf(part), buffers[part] ?? "");
    buffers[part] = "";
  }

  return {
    partCount,
    partBytesMax: HISTORY_BYTES_MAX,
    write(part, line) {
      buffers[part] += `${line}\n`;
      if ((buffers[part] ?? "").length > BUFFER_LENGTH_MAX) flush(part);
    },
    read(part) {
      flush(part);
      return createReadStream(fileOf(part));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
