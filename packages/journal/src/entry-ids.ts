/**
 * The default identifiers of entries: `entry-0`, `entry-1`, …
 *
 * Turning a number into text is the dearest part of an append, so the last three digits come from a table, and what
 * stands before them is made once for a thousand entries.
 */
const BLOCK = 1_000;
const LAST_DIGITS = Array.from({ length: BLOCK }, (_, number) => String(number).padStart(3, "0"));

export class EntryIds {
  declare private block: number;
  declare private prefix: string;

  constructor() {
    this.block = 0;
    this.prefix = "";
  }

  idOf(sequence: number): string {
    if (sequence < BLOCK) return `entry-${sequence}`;
    const block = Math.floor(sequence / BLOCK);
    if (block !== this.block) {
      this.block = block;
      this.prefix = `entry-${block}`;
    }
    return this.prefix + (LAST_DIGITS[sequence - block * BLOCK] as string);
  }
}
