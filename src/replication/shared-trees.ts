import type { Atom } from "@phyxius/atom";
import type { Map } from "immutable";
import { createMerkleTree, type MerkleTree } from "./merkle.ts";
import type { Membership } from "../membership/membership.ts";
import type { CacheRecord } from "../local/record.ts";
import type { CacheState } from "../state.ts";

type Records = Map<string, CacheRecord>;

/** For each peer the tree of what both own, as this node holds it. */
export interface SharedTrees {
  with(peer: string): MerkleTree;
  /** A change of these keys, and no others, led from the records `before` to those `after`. O(keys). */
  readonly note: (keys: readonly string[], before: Records, after: Records) => void;
}

/** So many changes at most wait until a tree is asked for. */
const CHANGES_MAX = 4096;

/**
 * A tree is built when it is asked for first, and then follows the changes that it is told of, at the latest when it is
 * asked for again: O(log records) each. If the records have changed in another way (expired ones were cleared away,
 * which takes O(records) anyway), or members have, all trees are built anew.
 */
export function createSharedTrees(
  self: string,
  state: Atom<CacheState>,
  placement: Pick<Membership, "ownersOf" | "epoch">,
): SharedTrees {
  const trees = new globalThis.Map<string, MerkleTree>();
  let changed: string[] = [];
  /** The records after the last change that was told. */
  let followed: Records | null = null;
  let { epoch } = placement;

  function build(peer: string, records: Records): MerkleTree {
    const tree = createMerkleTree();
    for (const record of records.values()) if (isShared(record.key, peer)) tree.put(record);
    return tree;
  }

  function isShared(key: string, peer: string): boolean {
    const owners = placement.ownersOf(key);
    return owners.includes(self) && owners.includes(peer);
  }

  function catchUp(records: Records): void {
    for (const key of changed) {
      const record = records.get(key);
      const owners = placement.ownersOf(key);
      if (!owners.includes(self)) continue;
      for (const owner of owners) {
        const tree = trees.get(owner);
        if (record === undefined) tree?.remove(key);
        else tree?.put(record);
      }
    }
    changed = [];
  }

  return {
    with(peer) {
      const { records } = state.deref();
      if (records === followed && placement.epoch === epoch) catchUp(records);
      else {
        ({ epoch } = placement);
        trees.clear();
        changed = [];
        followed = records;
      }
      let tree = trees.get(peer);
      if (tree === undefined) {
        tree = build(peer, records);
        trees.set(peer, tree);
      }
      return tree;
    },
    note(keys, before, after) {
      if (followed !== before || trees.size === 0 || placement.epoch !== epoch) return;
      followed = after;
      for (const key of keys) changed.push(key);
      if (changed.length >= CHANGES_MAX) catchUp(after);
    },
  };
}
