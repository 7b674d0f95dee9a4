import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashText } from "../../src/hash.ts";
import {
  childPaths,
  createMerkleTree,
  DEPTH_MAX,
  type MerkleTree,
  ROOT,
  type TreePath,
} from "../../src/replication/merkle.ts";
import type { CacheRecord } from "../../src/local/record.ts";

function recordOf(key: string, counter: number): CacheRecord {
  return { key, version: { counter, node: "n1", incarnation: 1 }, value: "v", expireAtMs: 1, operation: 1 };
}

function treeOf(records: ReadonlyMap<string, number>): MerkleTree {
  const tree = createMerkleTree();
  for (const [key, counter] of records) tree.put(recordOf(key, counter));
  return tree;
}

/** The keys in the smallest ranges whose digests differ, from the root down. */
function differing(a: MerkleTree, b: MerkleTree, path: TreePath = ROOT): string[] {
  if (a.digestAt(path) === b.digestAt(path)) return [];
  if (path.depth === DEPTH_MAX) return [...a.keysAt(path), ...b.keysAt(path)];
  return childPaths(path).flatMap((child) => differing(a, b, child));
}

const key = fc.nat(300).map((number) => `key-${number}`);
const contents = fc
  .array(fc.tuple(key, fc.nat(3)), { maxLength: 400, size: "max" })
  .map((pairs) => new Map(pairs));
const change = fc.record({ key, counter: fc.option(fc.nat(1_000_000)) });

describe("a Merkle tree", () => {
  test("shows exactly the keys that differ", () => {
    fc.assert(
      fc.property(contents, fc.array(change, { maxLength: 20 }), (records, changes) => {
        const others = new Map(records);
        for (const { key: changed, counter } of changes) {
          if (counter === null) others.delete(changed);
          else others.set(changed, counter);
        }
        const expected = [...new Set([...records.keys(), ...others.keys()])].filter(
          (name) => records.get(name) !== others.get(name),
        );
        expect([...new Set(differing(treeOf(records), treeOf(others)))].sort()).toEqual(expected.sort());
      }),
      { numRuns: 60 },
    );
  });

  test("depends on what it holds, not on how it came to it", () => {
    fc.assert(
      fc.property(contents, fc.array(change, { maxLength: 400, size: "max" }), (records, changes) => {
        const grown = treeOf(records);
        const held = new Map(records);
        for (const { key: changed, counter } of changes) {
          if (counter === null) {
            held.delete(changed);
            grown.remove(changed);
          } else {
            held.set(changed, counter);
            grown.put(recordOf(changed, counter));
          }
        }
        const fresh = treeOf(held);
        const check = (path: TreePath): void => {
          expect(grown.digestAt(path)).toBe(fresh.digestAt(path));
          expect(grown.countAt(path)).toBe(fresh.countAt(path));
          const bits = (name: string) => Math.floor(hashText(name) / 16 ** (8 - path.depth));
          const inRange = [...held.keys()].filter((name) => path.depth === 0 || bits(name) === path.bits);
          expect(grown.keysAt(path).sort()).toEqual(inRange.sort());
          expect(grown.countAt(path)).toBe(inRange.length);
        };
        check(ROOT);
        for (const child of childPaths(ROOT)) check(child);
        for (const child of childPaths({ depth: 1, bits: 7 })) check(child);
        expect(grown.count).toBe(held.size);
      }),
      { numRuns: 40 },
    );
  });

  test("tells versions apart in each of their parts", () => {
    const digests = [
      { counter: 1, node: "n1", incarnation: 1 },
      { counter: 2, node: "n1", incarnation: 1 },
      { counter: 1 + 2 ** 32, node: "n1", incarnation: 1 },
      { counter: 1, node: "n2", incarnation: 1 },
      { counter: 1, node: "n1", incarnation: 2 },
    ].map((version) => {
      const tree = createMerkleTree();
      tree.put({ ...recordOf("k", 1), version });
      return tree.digestAt(ROOT);
    });
    expect(new Set(digests).size).toBe(digests.length);
  });
});
