/**
 * What a log still holds after whatever happened.
 *
 * It is read to its first entry that is not as it was written. Two things may be wrong there:
 * - The file *ends within the entry*, or holds nothing but zeros from there on. A crash leaves just that of what
 *   was appended and not synced. Nobody was told of it, so nothing is lost: the log is whole.
 * - The entry is *damaged*: all of it is there, but a checksum does not match. A crash alone never leaves that,
 *   so what was synced has changed since, this entry and perhaps any after it. What the log lost may have been
 *   confirmed, so its node must not vouch for what is left.
 *
 * No mark of how much was synced is needed, and none would do: the mark for the last sync would itself have to be
 * synced. The price is an assumption about the disk: what it loses of unsynced bytes is their end, or it reads as
 * zeros. If a crash leaves other bytes there, the log counts as damaged, which costs time and breaks no word.
 */
import type { Disk } from "./disk.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Life, LogFormat } from "./log-format.ts";

export interface FoundLog {
  /** `none`: no file, or an empty one. `damaged`: it may have held more than it does. */
  readonly status: "none" | "whole" | "damaged";
  /** As far as it can be told. */
  readonly life: Life | null;
  /** The newest of each key, by the order of the log. */
  readonly records: ReadonlyMap<string, CacheRecord>;
  /** Bytes after the last entry that is as it was written, as far as they were looked at. */
  readonly droppedBytes: number;
  /** What is wrong with a damaged one. */
  readonly problem: string | null;
}

const READ_BYTES = 1_048_576;
const NO_BYTES = new Uint8Array(0);

/** @throws InvalidArgumentError when a release that knew more wrote it */
export async function readLog(disk: Disk, format: LogFormat): Promise<FoundLog> {
  const records = new Map<string, CacheRecord>();
  let life: Life | null = null;
  let offset = 0;
  /** What was read and not yet understood. */
  let rest: Uint8Array = NO_BYTES;

  const result = (status: FoundLog["status"], droppedBytes: number, problem: string | null): FoundLog => ({
    status,
    life,
    records,
    droppedBytes,
    problem,
  });

  for (let isLast = false; !isLast;) {
    let piece: Uint8Array;
    try {
      piece = await disk.read(offset, READ_BYTES);
    } catch (error) {
      return result("damaged", rest.length, error instanceof Error ? error.message : String(error));
    }
    offset += piece.length;
    isLast = piece.length < READ_BYTES;
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let position = 0;
    for (;;) {
      const size = format.sizeAt(bytes, position);
      if (size === "incomplete") break;
      const entry = size === "damaged" ? null : format.entryAt(bytes, position, size);
      // The life comes first; without it the beginning of the log is lost.
      if (entry === null || size === "damaged" || (life === null && entry.type !== "life")) {
        const left = bytes.subarray(position);
        const isBlank = entry === null && life !== null && (await isBlankToTheEnd(disk, left, offset));
        if (isBlank) return result("whole", left.length, null);
        const place = offset - bytes.length + position;
        return result("damaged", left.length, `the entry at byte ${place} is not as it was written`);
      }
      if (entry.type === "life") life = entry.life;
      else records.set(entry.record.key, entry.record);
      position += size;
    }
    rest = bytes.subarray(position);
  }
  if (offset === 0) return result("none", 0, null);
  // A log is created whole, with a life at its beginning.
  if (life === null) return result("damaged", rest.length, "the log ends within its first entry");
  return result("whole", rest.length, null);
}

async function isBlankToTheEnd(disk: Disk, bytes: Uint8Array, offset: number): Promise<boolean> {
  let piece = bytes;
  for (let next = offset; ; next += piece.length) {
    if (piece.some((byte) => byte !== 0)) return false;
    try {
      piece = await disk.read(next, READ_BYTES);
    } catch {
      return false;
    }
    if (piece.length === 0) return true;
  }
}
