import { type Disk, DiskError } from "../../src/index.ts";

interface Job {
  run(): void;
}

/**
 * A disk as its interface defines it, that does one thing after the other when it is told to, so that a crash can
 * come between any two of them.
 */
export class ModelDisk implements Disk {
  /** What the file holds; of which a crash cannot take the first `safeLength` bytes. */
  bytes: Uint8Array;
  safeLength: number;
  isFull = false;
  /** The next so many syncs and replacements fail. */
  failuresLeft = 0;
  /** Carries out whatever it is asked for at once. */
  isPrompt = true;
  syncCount = 0;
  private jobs: Job[] = [];
  private isDoubtful = false;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.bytes = bytes;
    this.safeLength = bytes.length;
  }

  get waiting(): number {
    return this.jobs.length;
  }

  /** Does the next things that it was asked for. */
  work(count = Number.POSITIVE_INFINITY): void {
    for (let done = 0; done < count && this.jobs.length > 0; done++) this.jobs.shift()?.run();
  }

  /** What a crash leaves when it takes this share of what was not safe, 0 to 1. */
  afterCrash(share: number): ModelDisk {
    const lost = Math.round((this.bytes.length - this.safeLength) * share);
    return new ModelDisk(this.bytes.slice(0, this.bytes.length - lost));
  }

  read(offset: number, bytesMax: number): Promise<Uint8Array> {
    return this.ask(() => this.bytes.slice(offset, offset + bytesMax));
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.ask(() => {
      this.requireRoom();
      this.bytes = Buffer.concat([this.bytes, bytes]);
    });
  }

  sync(): Promise<void> {
    return this.ask(() => {
      this.syncCount++;
      if (this.fails()) {
        this.isDoubtful = true;
        throw new DiskError("disk-failed", "the sync failed");
      }
      if (!this.isDoubtful) this.safeLength = this.bytes.length;
    });
  }

  replace(parts: Iterable<Uint8Array>): Promise<void> {
    const fresh = Buffer.concat([...parts]);
    return this.ask(() => {
      this.requireRoom();
      if (this.fails()) throw new DiskError("disk-failed", "the replacement failed");
      this.bytes = fresh;
      this.safeLength = fresh.length;
      this.isDoubtful = false;
    });
  }

  private requireRoom(): void {
    if (this.isFull) throw new DiskError("disk-full", "no room");
  }

  private fails(): boolean {
    if (this.failuresLeft === 0) return false;
    this.failuresLeft--;
    return true;
  }

  private ask<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.jobs.push({
        run() {
          try {
            resolve(work());
          } catch (error) {
            reject(error);
          }
        },
      });
      if (this.isPrompt) this.work();
    });
  }
}
