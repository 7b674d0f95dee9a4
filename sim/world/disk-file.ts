/**
 * The file on a simulated disk: which bytes it has, and how many of them a crash cannot touch.
 */
export class DiskFile {
  length = 0;
  /** So many bytes from the start survive any crash. */
  safeLength = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  /** A sync has failed: until the file is replaced, nothing more becomes safe, whatever is said of it. */
  private isDoubtful = false;
  private fresh: Uint8Array | null = null;

  get isReplacing(): boolean {
    return this.fresh !== null;
  }

  /** A copy of up to `bytesMax` bytes from `offset` on. */
  read(offset: number, bytesMax: number): Uint8Array {
    return this.bytes.slice(offset, Math.min(this.length, offset + bytesMax));
  }

  append(added: Uint8Array): void {
    const length = this.length + added.length;
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(added, this.length);
    this.length = length;
  }

  makeSafe(length: number): void {
    if (!this.isDoubtful) this.safeLength = Math.max(this.safeLength, length);
  }

  doubt(): void {
    this.isDoubtful = true;
  }

  beginReplacing(parts: Iterable<Uint8Array>): void {
    this.fresh = Buffer.concat([...parts]);
  }

  /** Leaves the new file, safe, or the old one as it was. */
  endReplacing(isReplaced: boolean): void {
    const { fresh } = this;
    this.fresh = null;
    if (!isReplaced || fresh === null) return;
    this.bytes = fresh;
    this.length = fresh.length;
    this.safeLength = fresh.length;
    this.isDoubtful = false;
  }

  /** What a crash leaves, `count` bytes short. */
  loseEnd(count: number): void {
    this.length -= count;
    this.safeLength = this.length;
    this.isDoubtful = false;
  }

  flip(bit: number): void {
    const at = Math.floor(bit / 8);
    this.bytes[at] = (this.bytes[at] as number) ^ (1 << (bit % 8));
  }

  clear(): void {
    this.bytes = new Uint8Array(0);
    this.length = 0;
    this.safeLength = 0;
    this.isDoubtful = false;
    this.fresh = null;
  }
}
