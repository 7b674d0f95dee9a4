/**
 * Deterministic 32-bit integer hashes, for placement and digests. Not for secrets.
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
