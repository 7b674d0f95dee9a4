/**
 * The log of a node at work: what is written to it survives a crash once it is told to be kept.
 *
 * Every write is appended and synced at once; the disk lets writes that wait together share a sync. The log is
 * rewritten with what is live
 * - at the start of a life, so whatever a crash left at its end is gone before anything is appended;
 * - when it has grown to several times that;
 * - after any failure but a full disk. What waited then is told that it failed, and nothing more is written to the
 *   old file: after a failed sync nobody knows what of it is on the disk, and no later sync tells.
 *
 * What failed may be on the disk all the same, and come back after a crash. That is a write which took effect
 * without being confirmed, as when a confirmation is lost on its way.
 */
import type { Clock, TimerHandle } from "@phyxius/clock";
import { type Disk, isDiskFull } from "./disk.ts";
import { Backoff } from "../operations/backoff.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Life, LogFormat } from "./log-format.ts";

/** What the log is kept for. */
export interface LogOwner {
  /** What must survive, at any time. */
  readonly life: () => Life;
  readonly live: () => Iterable<CacheRecord>;
  readonly onFailure: (error: unknown) => void;
  /** The log was written anew and has this many bytes. */
  readonly onRewritten: (bytes: number) => void;
}

/** `full`: there is no room, and nothing was written. `failed`: it may have been written, and must not count. */
export type WriteEnd = "kept" | "full" | "failed";

/** Keeps a record so that a crash does not lose it, if that is what the node does, and then in memory. */
export type KeepRecord = (record: CacheRecord, done: (end: WriteEnd) => void) => void;

export interface RecordLog {
  /**
   * Appends the records, in this order, each of which must supersede those of its key that were written before.
   * Calls back once: at once if the log has failed and is not mended yet, otherwise later. When it is told "kept",
   * the caller must make the records part of what `live` gives before it returns.
   */
  write(records: readonly CacheRecord[], done: (end: WriteEnd) => void): void;
  /** Calls back when what `life` gives now is kept; at once if it is already. */
  keepLife(done: (end: WriteEnd) => void): void;
  /** From now on it is kept for this owner. */
  follow(owner: LogOwner): void;
  /** Nothing more is written, and nobody called back. */
  close(): void;
}

export interface RecordLogOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly format: LogFormat;
  /** After how long a log that could not be mended is tried again, the first time; then ever more slowly. */
  readonly retryMs: number;
  /** The longest wait; how much of it is waited is drawn from `random`, as by `Backoff`. */
  readonly retryMsMax: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** How much longer than its live part the log may always be. */
  readonly slackBytes: number;
}

/** Rewritten when it is longer than this many times what was live when it was rewritten last, and the slack. */
const GROWTH_MAX = 2;

interface Write {
  readonly bytes: Uint8Array;
  readonly life: Life | null;
  readonly waiting: ((end: WriteEnd) => void)[];
}

/** Writes the log anew, as the first act of a life. Rejects as the disk does. */
export async function startRecordLog(
  options: RecordLogOptions,
  life: Life,
  records: ReadonlyMap<string, CacheRecord>,
): Promise<RecordLog> {
  const log = new DiskLog(options, {
    life: () => life,
    live: () => records.values(),
    onFailure() {},
    onRewritten() {},
  });
  await log.rewrite();
  return log;
}

class DiskLog implements RecordLog {
  private readonly options: RecordLogOptions;
  private owner: LogOwner;
  /** In the order in which they were asked for. */
  private readonly unsettled = new Set<Write>();
  private keptLife: Life | null = null;
  private lifeWrite: Write | null = null;
  private bytes = 0;
  private rewriteAtBytes = 0;
  private isBroken = false;
  private isRewriting = false;
  private isClosed = false;
  /** Runs while something is left to be done again. */
  private mending: TimerHandle | null = null;

  constructor(options: RecordLogOptions, owner: LogOwner) {
    this.options = options;
    this.owner = owner;
  }

  follow(owner: LogOwner): void {
    this.owner = owner;
  }

  write(records: readonly CacheRecord[], done: (end: WriteEnd) => void): void {
    const { format } = this.options;
    const entries = records.map((record) => format.record(record));
    this.start(entries.length === 1 ? (entries[0] as Uint8Array) : Buffer.concat(entries), null, done);
  }

  keepLife(done: (end: WriteEnd) => void): void {
    const life = this.owner.life();
    if (isSame(life, this.keptLife)) done("kept");
    else if (this.lifeWrite !== null && isSame(life, this.lifeWrite.life)) this.lifeWrite.waiting.push(done);
    else this.lifeWrite = this.start(this.options.format.life(life), life, done);
  }

  close(): void {
    this.isClosed = true;
    this.unsettled.clear();
    this.stopMending();
  }

  /**
   * The new file holds what is live, and what is being written: its place in the old file is about to go. Whatever
   * is written from now on comes after it, since a disk keeps the order of what it is asked for.
   */
  async rewrite(): Promise<void> {
    const { disk, format } = this.options;
    const life = this.owner.life();
    const records = this.owner.live();
    // A life on its way is older than the one at the beginning, or the same.
    const underWay = [...this.unsettled].filter((write) => write.life === null);
    this.isRewriting = true;
    this.bytes = 0;
    const count = (bytes: Uint8Array): Uint8Array => {
      this.bytes += bytes.length;
      return bytes;
    };
    function* parts(): Generator<Uint8Array> {
      yield count(format.life(life));
      for (const record of records) yield count(format.record(record));
      for (const { bytes } of underWay) yield count(bytes);
    }
    try {
      await disk.replace(parts());
    } finally {
      this.isRewriting = false;
    }
    if (this.isClosed) return;
    this.keptLife = life;
    this.isBroken = false;
    this.rewriteAtBytes = this.bytes * GROWTH_MAX + this.options.slackBytes;
    this.owner.onRewritten(this.bytes);
  }

  private start(bytes: Uint8Array, life: Life | null, done: (end: WriteEnd) => void): Write | null {
    if (this.isClosed) return null;
    if (this.isBroken) {
      done("failed");
      return null;
    }
    const write: Write = { bytes, life, waiting: [done] };
    this.unsettled.add(write);
    this.bytes += bytes.length;
    void this.carryOut(write);
    return write;
  }

  private async carryOut(write: Write): Promise<void> {
    const { disk } = this.options;
    // Both are asked for at once, and neither may be left without somebody who takes its failure.
    const appending = failureOf(disk.append(write.bytes));
    const syncing = failureOf(disk.sync());
    const notAppended = await appending;
    const notSynced = await syncing;
    // Another one's failure may have been this one's too.
    if (!this.unsettled.has(write)) return;
    if (notSynced !== null) this.fail(notSynced.reason);
    else if (notAppended === null) {
      this.settle(write, "kept");
      if (this.bytes > this.rewriteAtBytes && !this.isRewriting) void this.compact();
    } else if (isDiskFull(notAppended.reason)) {
      this.bytes -= write.bytes.length;
      this.settle(write, "full");
    } else this.fail(notAppended.reason);
  }

  private settle(write: Write, end: WriteEnd): void {
    this.unsettled.delete(write);
    if (write === this.lifeWrite) this.lifeWrite = null;
    if (write.life !== null && end === "kept") this.keptLife = write.life;
    for (const done of write.waiting) done(end);
    // Nobody may ask again, yet it must become known some time.
    if (write.life !== null && end === "full") this.startMending();
  }

  private fail(error: unknown): void {
    if (this.isClosed) return;
    this.isBroken = true;
    this.owner.onFailure(error);
    const failed = [...this.unsettled];
    this.unsettled.clear();
    for (const write of failed) this.settle(write, "failed");
    this.startMending();
    void this.mend();
  }

  private async compact(): Promise<void> {
    try {
      await this.rewrite();
    } catch (error) {
      // Without room the old file simply goes on, until it has doubled again.
      if (isDiskFull(error)) this.rewriteAtBytes = this.bytes * GROWTH_MAX;
      else this.fail(error);
    }
  }

  private async mend(): Promise<void> {
    if (this.isRewriting) return;
    if (this.isBroken) {
      try {
        await this.rewrite();
      } catch (error) {
        if (!this.isClosed) this.owner.onFailure(error);
        return;
      }
    }
    this.keepLife((end) => {
      if (end === "kept") this.stopMending();
    });
  }

  private startMending(): void {
    if (this.isClosed) return;
    const { clock, retryMs, retryMsMax, random } = this.options;
    const backoff = { clock, firstMs: retryMs, maxMs: retryMsMax, random };
    this.mending ??= new Backoff(backoff, () => void this.mend());
  }

  private stopMending(): void {
    this.mending?.cancel();
    this.mending = null;
  }
}

/** Null when all went well. */
function failureOf(work: Promise<unknown>): Promise<{ readonly reason: unknown } | null> {
  return work.then(
    () => null,
    (reason: unknown) => ({ reason }),
  );
}

/** Of one node: everything but its name and number may change. */
function isSame(a: Life, b: Life | null): boolean {
  // A change of membership makes a new object.
  if (b === null || a.membership !== b.membership) return false;
  if (a.isWhole !== b.isWhole || a.known.length !== b.known.length) return false;
  return a.known.every(({ node, incarnation }, place) => {
    const other = b.known[place];
    return other?.node === node && other.incarnation === incarnation;
  });
}
