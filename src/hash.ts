/**
 * Deterministic 32-bit integer hashes, for placement, digests and checksums. Not for secrets.
 *
 * Integer arithmetic only: the same bits on every version of Node and on every machine, so that all members
 * of a cluster agree without talking.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Spreads the bits of a 32-bit integer (the finalizer of MurmurHash3). A bijection. */
export function mix32(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** FNV-1a over the UTF-16 code units, then mixed. An unsigned 32-bit integer; O(length). */
export function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return mix32(hash);
}

/**
 * Like FNV-1a, but four bytes a step: a fourth of the multiplications, each of which must wait for the one before.
 * Every change within four bytes of a step changes the hash. Bytes [start, end); an unsigned 32-bit integer.
 */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET ^ (end - start);
  let index = start;
  for (; index + 4 <= end; index += 4) {
    const word =
      (bytes[index] as number) |
      ((bytes[index + 1] as number) << 8) |
      ((bytes[index + 2] as number) << 16) |
      ((bytes[index + 3] as number) << 24);
    hash = Math.imul(hash ^ word, FNV_PRIME);
    // The multiplication moves bits up only; this brings the upper ones down, or the last bytes would meet few.
    hash ^= hash >>> 15;
  }
  for (; index < end; index++) hash = Math.imul(hash ^ (bytes[index] as number), FNV_PRIME);
  return mix32(hash);
}
