/**
 * CRC-32C (Castagnoli), four bytes at a step. Chosen for what it promises: of frames up to 256 MiB, the checksum
 * included, it finds every change of up to three bits, and every change within 32 neighbouring bits; up to 655
 * bytes, every change of up to five bits. (Koopman, "32-bit cyclic redundancy codes for Internet applications", 2002.)
 */

const POLYNOMIAL = 0x82f63b78;

// What a byte does to the remainder that has 0, 1, 2 and 3 more bytes to go.
const last = new Int32Array(256);
const third = new Int32Array(256);
const second = new Int32Array(256);
const first = new Int32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  last[byte] = remainder;
}
for (let byte = 0; byte < 256; byte++) {
  third[byte] = shifted(last[byte] as number);
  second[byte] = shifted(third[byte] as number);
  first[byte] = shifted(second[byte] as number);
}

function shifted(remainder: number): number {
  return (remainder >>> 8) ^ (last[remainder & 0xff] as number);
}

/** Of the bytes [start, end); an unsigned 32-bit integer. */
export function checksumOf(bytes: Uint8Array, start: number, end: number): number {
  let remainder = -1;
  let index = start;
  for (; index + 4 <= end; index += 4) {
    remainder ^=
      (bytes[index] as number) |
      ((bytes[index + 1] as number) << 8) |
      ((bytes[index + 2] as number) << 16) |
      ((bytes[index + 3] as number) << 24);
    remainder =
      (first[remainder & 0xff] as number) ^
      (second[(remainder >>> 8) & 0xff] as number) ^
      (third[(remainder >>> 16) & 0xff] as number) ^
      (last[remainder >>> 24] as number);
  }
  for (; index < end; index++) {
    remainder = (remainder >>> 8) ^ (last[(remainder ^ (bytes[index] as number)) & 0xff] as number);
  }
  return ~remainder >>> 0;
}
