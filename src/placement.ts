import { hashText, mix32 } from "./hash.ts";

/**
 * Which nodes own a key: rendezvous hashing (Thaler and Ravishankar, 1998). Every node gets a score for the
 * key; the owners are the N highest, best first. All nodes compute the same list without talking, it depends on
 * no one's view of who is healthy, and a node that joins n others takes over about 1/(n+1) of the keys while
 * no other key moves.
 */
export interface Placement {
  /** How many owners each key has: the replication, or all nodes when there are fewer. */
  readonly replication: number;
  /** The key's owners in order of preference. O(nodes) the first time, then from a bounded memo. */
  ownersOf(key: string): readonly string[];
}

export interface PlacementOptions {
  readonly nodes: readonly string[];
  readonly replication: number;
}

/** The memo of `ownersOf` starts anew at this many keys: recomputing costs less than remembering them all. */
const MEMO_KEYS_MAX = 4096;

export function createPlacement(options: PlacementOptions): Placement {
  // Sorted, so that the order in which a node lists its peers makes no difference, not even in a tie.
  const nodes = [...new Set(options.nodes)].sort();
  const nodeHashes = nodes.map((node) => hashText(node));
  const replication = Math.min(options.replication, nodes.length);
  const memo = new Map<string, readonly string[]>();

  function computeOwners(key: string): readonly string[] {
    const keyHash = hashText(key);
    const scores = nodeHashes.map((nodeHash) => mix32(mix32(nodeHash ^ keyHash) + nodeHash));
    const ranking = nodes.map((_, index) => index);
    ranking.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    return ranking.slice(0, replication).map((index) => nodes[index] as string);
  }

  function ownersOf(key: string): readonly string[] {
    const known = memo.get(key);
    if (known !== undefined) return known;
    if (memo.size >= MEMO_KEYS_MAX) memo.clear();
    const owners = computeOwners(key);
    memo.set(key, owners);
    return owners;
  }

  return { replication, ownersOf };
}
