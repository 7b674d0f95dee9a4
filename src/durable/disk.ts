/**
 * Where a node keeps what must outlive it: one file, which grows at its end and is now and then replaced as a whole.
 *
 * Calls are carried out in the order in which they were made, so nobody has to wait for one to make the next.
 *
 * A crash leaves everything that a successful `sync` covered, and of what was appended since then some beginning:
 * all of it, nothing, or up to the middle of a record.
 */
export interface Disk {
  /** Up to `bytesMax` bytes from `offset` on; fewer only where the file ends, none where there is no file. */
  read(offset: number, bytesMax: number): Promise<Uint8Array>;
  /**
   * Adds to the end of the file. From here on nobody changes the bytes. Survives a crash for certain only when a
   * `sync` asked for later has succeeded. A rejection that is `isDiskFull` has added nothing; any other may have
   * added anything.
   */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Resolves when everything appended before the call survives a crash. Calls that wait at the same time may share
   * one sync.
   *
   * After a rejection, nothing that was appended since the last success may be relied upon, and no later success
   * changes that: a system that could not write a page out may take it for clean from then on. Only `replace` helps.
   */
  sync(): Promise<void>;
  /**
   * Replaces the whole file by these parts, and resolves when that survives a crash. A crash meanwhile, and a
   * rejection, leave either file, whole; a rejection that is `isDiskFull` leaves the old one.
   */
  replace(parts: Iterable<Uint8Array>): Promise<void>;
}

/** `disk-full`: there is no room. `disk-failed`: anything else. */
export type DiskErrorCode = "disk-full" | "disk-failed";

/** What a disk rejects with. Only the code counts, so that a disk may have an error of its own. */
export class DiskError extends Error {
  readonly code: DiskErrorCode;

  constructor(code: DiskErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DiskError";
    this.code = code;
  }
}

export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "disk-full";
}
