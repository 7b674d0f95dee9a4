/**
 * A disk that is a file, `log`, in a folder of its own. One process at a time may use the folder.
 *
 * Appends and syncs that wait together become one write and one `fdatasync`: under load a sync is shared by
 * everybody who came while the one before was under way.
 */
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Disk, DiskError } from "./disk.ts";

export interface FileDisk extends Disk {
  /** Waits for what was asked for, then lets go of the file. Everything asked for later is rejected. */
  close(): Promise<void>;
}

interface Job {
  /** `other` stands for itself; appends and syncs are taken together. */
  readonly kind: "append" | "sync" | "other";
  readonly bytes: Uint8Array;
  readonly run: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const NO_BYTES = new Uint8Array(0);
const PART_BYTES = 1_048_576;
const NO_ROOM = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** @param folder made when it is missing, with those above it */
export function createFileDisk(folder: string): FileDisk {
  const path = join(folder, "log");
  const freshPath = join(folder, "log.new");
  let file: FileHandle | null = null;
  /** Bytes of the file as far as it is as it should be. */
  let length = 0;
  let jobs: Job[] = [];
  let isBusy = false;
  let closed: Promise<void> | null = null;

  function ask(
    kind: Job["kind"],
    bytes: Uint8Array = NO_BYTES,
    run: () => Promise<void> = async () => {},
  ): Promise<void> {
    if (closed !== null) return Promise.reject(new DiskError("disk-failed", `${path} was closed`));
    return new Promise((resolve, reject) => {
      jobs.push({ kind, bytes, run, resolve, reject });
      if (!isBusy) void work();
    });
  }

  async function work(): Promise<void> {
    isBusy = true;
    while (jobs.length > 0) {
      const otherAt = jobs.findIndex(({ kind }) => kind === "other");
      const together = otherAt < 0 ? jobs : jobs.slice(0, Math.max(1, otherAt));
      jobs = jobs.slice(together.length);
      await (otherAt === 0 ? settle(together, (together[0] as Job).run) : carryOut(together));
    }
    isBusy = false;
  }

  async function carryOut(together: readonly Job[]): Promise<void> {
    const appends = together.filter(({ kind }) => kind === "append");
    const syncs = together.filter(({ kind }) => kind === "sync");
    if (appends.length > 0) {
      await settle(appends, () => write(Buffer.concat(appends.map(({ bytes }) => bytes))));
    }
    if (syncs.length > 0) await settle(syncs, async () => (await opened()).datasync());
  }

  async function settle(waiting: readonly Job[], run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      const problem = explain(error);
      for (const { reject } of waiting) reject(problem);
      return;
    }
    for (const { resolve } of waiting) resolve();
  }

  function explain(error: unknown): DiskError {
    if (error instanceof DiskError) return error;
    const code = NO_ROOM.has(errorCode(error)) ? "disk-full" : "disk-failed";
    const reason = error instanceof Error ? error.message : String(error);
    return new DiskError(code, `${path}: ${reason}`, { cause: error });
  }

  /** All of the bytes at the end of the file, or none of them. */
  async function write(bytes: Uint8Array): Promise<void> {
    const handle = await opened();
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, length + written);
        written += bytesWritten;
      }
    } catch (error) {
      // A part of a record must not stay: what is appended next would be hidden behind it.
      if (written > 0) await mustWork(() => handle.truncate(length));
      throw error;
    }
    length += written;
  }

  /** The file, which is made when there is none. */
  async function opened(): Promise<FileHandle> {
    if (file !== null) return file;
    const existing = await openExisting();
    if (existing !== null) return existing;
    await mkdir(folder, { recursive: true });
    file = await open(path, "w+");
    length = 0;
    await syncFolder(folder);
    return file;
  }

  async function openExisting(): Promise<FileHandle | null> {
    if (file !== null) return file;
    try {
      file = await open(path, "r+");
    } catch (error) {
      if (errorCode(error) === "ENOENT") return null;
      throw error;
    }
    length = (await file.stat()).size;
    return file;
  }

  async function replace(parts: Iterable<Uint8Array>): Promise<void> {
    await mkdir(folder, { recursive: true });
    const fresh = await open(freshPath, "w+");
    let freshLength = 0;
    try {
      for (const part of joined(parts)) {
        await fresh.writeFile(part);
        freshLength += part.length;
      }
      await fresh.sync();
      await rename(freshPath, path);
    } catch (error) {
      await fresh.close();
      await rm(freshPath, { force: true });
      throw error;
    }
    const old = file;
    file = fresh;
    length = freshLength;
    // The new file is in place, but whether a crash would leave it there is known only now.
    await mustWork(async () => {
      await old?.close();
      await syncFolder(folder);
    });
  }

  async function readAt(offset: number, bytesMax: number): Promise<Uint8Array> {
    const handle = await openExisting();
    if (handle === null) return NO_BYTES;
    const buffer = new Uint8Array(Math.max(0, Math.min(bytesMax, length - offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  return {
    async read(offset, bytesMax) {
      let found: Uint8Array = NO_BYTES;
      await ask("other", NO_BYTES, async () => {
        found = await readAt(offset, bytesMax);
      });
      return found;
    },
    append: (bytes) => ask("append", bytes),
    sync: () => ask("sync"),
    replace: (parts) => ask("other", NO_BYTES, () => replace(parts)),
    close() {
      closed ??= ask("other", NO_BYTES, async () => {
        await file?.close();
        file = null;
      });
      return closed;
    },
  };
}

/** The same bytes in fewer, larger parts. */
function* joined(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    waiting.push(part);
    size += part.length;
    if (size < PART_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/** Whatever is wrong here is not for want of room: the file is not as it should be. */
async function mustWork(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiskError("disk-failed", reason, { cause: error });
  }
}

/** A new name survives a crash only when the folder was synced. Windows keeps folders by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
