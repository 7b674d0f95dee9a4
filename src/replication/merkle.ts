/**
 * Which keys differ between two replicas, found without naming them all.
 *
 * R. Merkle, "A digital signature based on a conventional encryption function" (CRYPTO '87), as Dynamo uses it for
 * anti-entropy: a tree over the keys in the order of their hashes, in which every node has a digest of all that is
 * below. Two replicas compare digests from the root down and only follow what differs: with one difference among n
 * records, log n comparisons (to base 16) and one leaf.
 *
 * A digest is the sum, modulo 2^53, of one of each key and version. So it does not depend on how a replica has cut
 * its tree, a change costs one addition at each level, and any range can be asked for. Sums can be forged by whoever
 * may write; between replicas that trust each other, two ranges that differ look alike once in 10^16 times, and then
 * only until the next change.
 */
import { hashText, mix32 } from "../hash.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Revision } from "../local/version.ts";

/** The keys whose hashes begin with these bits: four for each level of depth. The root has depth 0 and bits 0. */
export interface TreePath {
  readonly depth: number;
  readonly bits: number;
}

export const ROOT: TreePath = { depth: 0, bits: 0 };
export const DEPTH_MAX = 8;
export const BRANCHES = 16;
const BRANCH_BITS = 4;
const HASH_BITS = 32;
/** A leaf with more entries than this is cut, and branches with fewer than half of it grow together. */
const LEAF_ENTRIES_MAX = 32;
const HIGH_MASK = 0x1f_ffff;
const LOW_VALUES = 4_294_967_296;

/** The digest of one record in two numbers, of 21 and 32 bits, and the hash of its key. */
interface Entry {
  readonly hash: number;
  readonly high: number;
  readonly low: number;
}

export interface MerkleTree {
  readonly count: number;
  put(record: CacheRecord): void;
  remove(key: string): void;
  /** Of all records below; 0 where there is none. */
  digestAt(path: TreePath): number;
  countAt(path: TreePath): number;
  /** In no particular order. */
  keysAt(path: TreePath): string[];
}

export function createMerkleTree(): MerkleTree {
  return new SumTree();
}

/** The sixteen ranges that one is made of. */
export function childPaths({ depth, bits }: TreePath): TreePath[] {
  return Array.from({ length: BRANCHES }, (_, branch) => ({
    depth: depth + 1,
    bits: bits * BRANCHES + branch,
  }));
}

class TreeNode {
  count = 0;
  high = 0;
  low = 0;
  /** A node has either entries, and is a leaf, or children. */
  entries: Map<string, Entry> | null = new Map();
  children: (TreeNode | null)[] | null = null;

  add({ high, low }: Entry, sign: 1 | -1): void {
    this.count += sign;
    this.high = (this.high + sign * high) & HIGH_MASK;
    this.low = (this.low + sign * low) >>> 0;
  }
}

class SumTree implements MerkleTree {
  private root = new TreeNode();

  get count(): number {
    return this.root.count;
  }

  put(record: CacheRecord): void {
    const { key } = record;
    const entry = entryOf(record);
    const trail = this.trailTo(entry.hash, true);
    const leaf = trail.at(-1) as TreeNode;
    const before = leaf.entries?.get(key);
    for (const node of trail) {
      if (before !== undefined) node.add(before, -1);
      node.add(entry, 1);
    }
    leaf.entries?.set(key, entry);
    if (leaf.count > LEAF_ENTRIES_MAX && trail.length <= DEPTH_MAX) cut(leaf, trail.length - 1);
  }

  remove(key: string): void {
    const trail = this.trailTo(hashText(key), false);
    const leaf = trail.at(-1) as TreeNode;
    const before = leaf.entries?.get(key);
    if (before === undefined) return;
    for (const node of trail) node.add(before, -1);
    leaf.entries?.delete(key);
    const sparse = trail.find(({ count, children }) => children !== null && count < LEAF_ENTRIES_MAX / 2);
    if (sparse === undefined) return;
    sparse.entries = new Map(entriesOf(sparse));
    sparse.children = null;
  }

  digestAt(path: TreePath): number {
    const { node, depth } = this.nodeAt(path);
    if (node === null) return 0;
    if (depth === path.depth) return node.high * LOW_VALUES + node.low;
    const sum = new TreeNode();
    for (const [, entry] of node.entries ?? []) if (isWithin(entry.hash, path)) sum.add(entry, 1);
    return sum.high * LOW_VALUES + sum.low;
  }

  countAt(path: TreePath): number {
    const { node, depth } = this.nodeAt(path);
    if (node === null || depth === path.depth) return node?.count ?? 0;
    let count = 0;
    for (const [, { hash }] of node.entries ?? []) if (isWithin(hash, path)) count++;
    return count;
  }

  keysAt(path: TreePath): string[] {
    const { node } = this.nodeAt(path);
    const keys: string[] = [];
    if (node === null) return keys;
    for (const [key, { hash }] of entriesOf(node)) if (isWithin(hash, path)) keys.push(key);
    return keys;
  }

  /** From the root to the leaf of a hash, which is made if it has to be. */
  private trailTo(hash: number, isNeeded: boolean): TreeNode[] {
    let node = this.root;
    const trail = [node];
    while (node.children !== null) {
      const branch = branchOf(hash, trail.length - 1);
      const next = node.children[branch] ?? null;
      if (next === null && !isNeeded) return trail;
      node = next ?? (node.children[branch] = new TreeNode());
      trail.push(node);
    }
    return trail;
  }

  /** The node of a path, or the leaf above it; null when nothing is there. */
  private nodeAt(path: TreePath): { readonly node: TreeNode | null; readonly depth: number } {
    let node: TreeNode | null = this.root;
    let depth = 0;
    while (node !== null && depth < path.depth && node.children !== null) {
      const branch = (path.bits >>> (BRANCH_BITS * (path.depth - depth - 1))) & (BRANCHES - 1);
      node = node.children[branch] ?? null;
      depth++;
    }
    return { node, depth };
  }
}

/** Turns a leaf into branches. Those that are too full still are cut when they get another entry. */
function cut(leaf: TreeNode, depth: number): void {
  const children: (TreeNode | null)[] = Array.from<TreeNode | null>({ length: BRANCHES }).fill(null);
  for (const [key, entry] of leaf.entries ?? []) {
    const branch = branchOf(entry.hash, depth);
    const child = (children[branch] ??= new TreeNode());
    child.add(entry, 1);
    child.entries?.set(key, entry);
  }
  leaf.children = children;
  leaf.entries = null;
}

function* entriesOf(node: TreeNode): Generator<[string, Entry]> {
  if (node.entries !== null) yield* node.entries;
  for (const child of node.children ?? []) if (child !== null) yield* entriesOf(child);
}

function branchOf(hash: number, depth: number): number {
  return (hash >>> (HASH_BITS - BRANCH_BITS * (depth + 1))) & (BRANCHES - 1);
}

function isWithin(hash: number, { depth, bits }: TreePath): boolean {
  // A shift by 32 bits would be none at all.
  return depth === 0 || hash >>> (HASH_BITS - BRANCH_BITS * depth) === bits;
}

function entryOf({ key, version }: CacheRecord): Entry {
  const hash = hashText(key);
  const { counter, node, incarnation, revision } = version;
  const life = mix32(hashText(node) ^ mix32(incarnation));
  const writer = revision === undefined ? life : mix32(life + digestOfRevision(revision));
  const time = mix32((counter >>> 0) ^ mix32(Math.floor(counter / LOW_VALUES) ^ writer));
  const low = mix32(hash ^ time);
  return { hash, low, high: mix32(low ^ mix32(time + 1)) & HIGH_MASK };
}

function digestOfRevision({ number, node, incarnation }: Revision): number {
  return mix32(mix32(hashText(node) + incarnation) + number);
}
