/**
 * Texts that come again and again in frames: names of nodes, keys. One that was read lately is found by its bytes
 * and costs no new string; that is faster, and makes looking things up by it faster too.
 *
 * The table is shared by all readers and bounded. It changes no result: equal bytes give equal texts.
 */
const SLOTS = 1024;
const LENGTH_MAX = 24;

const texts: (string | undefined)[] = Array.from<string | undefined>({ length: SLOTS }).fill(undefined);

/** The text of one byte for each character (ISO 8859-1). */
export function latin1Text(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LENGTH_MAX) return read(bytes, start, end);
  let hash = length;
  for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] as number)) | 0;
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1);
  const known = texts[slot];
  if (known !== undefined && known.length === length && isText(known, bytes, start)) return known;
  const text = read(bytes, start, end);
  texts[slot] = text;
  return text;
}

function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

function read(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.latin1Slice.call(bytes, start, end);
}
