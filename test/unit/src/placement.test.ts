import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashText, mix32 } from "../../../src/hash.ts";
import { createPlacement } from "../../../src/membership/placement.ts";

fc.configureGlobal({ seed: 20_251_122 });

const KEYS = Array.from({ length: 20_000 }, (_, index) => `user:${index}`);
const nodeNames = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

function ownersByKey(nodes: readonly string[], replication: number): Map<string, readonly string[]> {
  const placement = createPlacement({ nodes, replication });
  return new Map(KEYS.map((key) => [key, placement.ownersOf(key)]));
}

describe("placement", () => {
  test("gives every key the asked number of distinct owners, or all nodes when there are fewer", () => {
    for (const count of [1, 2, 3, 5, 9]) {
      const placement = createPlacement({ nodes: nodeNames(count), replication: 3 });
      expect(placement.replication).toBe(Math.min(3, count));
      for (const key of KEYS.slice(0, 500)) {
        expect(new Set(placement.ownersOf(key)).size).toBe(placement.replication);
      }
    }
  });

  test("spreads keys evenly, as owners and as first owners", () => {
    for (const count of [3, 5, 10]) {
      const nodes = nodeNames(count);
      const owned = new Map<string, number>();
      const first = new Map<string, number>();
      for (const owners of ownersByKey(nodes, 3).values()) {
        for (const owner of owners) owned.set(owner, (owned.get(owner) ?? 0) + 1);
        first.set(owners[0] as string, (first.get(owners[0] as string) ?? 0) + 1);
      }
      for (const node of nodes) {
        const share = (KEYS.length * 3) / count;
        expect(Math.abs((owned.get(node) ?? 0) - share) / share).toBeLessThan(0.06);
        const firstShare = KEYS.length / count;
        expect(Math.abs((first.get(node) ?? 0) - firstShare) / firstShare).toBeLessThan(0.08);
      }
    }
  });

  test("spreads pairs of owners evenly, so that a lost node's load falls on all others", () => {
    const pairs = new Map<string, number>();
    for (const owners of ownersByKey(nodeNames(5), 2).values()) {
      const pair = owners.join();
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    expect(pairs.size).toBe(20);
    for (const count of pairs.values()) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });

  test("a node that joins n others takes over 1/(n+1) of the keys, and no key moves elsewhere", () => {
    for (const count of [3, 4, 9]) {
      const before = ownersByKey(nodeNames(count), 1);
      const after = ownersByKey(nodeNames(count + 1), 1);
      let moved = 0;
      for (const key of KEYS) {
        const from = before.get(key)?.[0];
        const to = after.get(key)?.[0];
        if (from === to) continue;
        moved++;
        expect(to).toBe(`n${count + 1}`);
      }
      expect(moved / KEYS.length).toBeCloseTo(1 / (count + 1), 1);
    }
  });

  test("without a node, its keys gain their next choice and keep the others in order", () => {
    const all = createPlacement({ nodes: nodeNames(6), replication: 4 });
    const fewer = createPlacement({ nodes: nodeNames(6).filter((node) => node !== "n3"), replication: 3 });
    for (const key of KEYS.slice(0, 2000)) {
      const expected = all.ownersOf(key).filter((node) => node !== "n3");
      expect(fewer.ownersOf(key)).toEqual(expected.slice(0, 3));
    }
  });

  test("does not depend on the order in which the nodes are listed", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.shuffledSubarray(nodeNames(7), { minLength: 7 }),
        (key, nodes) => {
          const placement = createPlacement({ nodes, replication: 3 });
          expect(placement.ownersOf(key)).toEqual(
            createPlacement({ nodes: nodeNames(7), replication: 3 }).ownersOf(key),
          );
        },
      ),
    );
  });

  test("stays what it is: moving keys between releases would lose data", () => {
    const placement = createPlacement({ nodes: nodeNames(5), replication: 3 });
    expect(["k1", "k2", "user:1", "ключ", ""].map((key) => placement.ownersOf(key).join(" ")))
      .toMatchInlineSnapshot(`
      [
        "n3 n5 n4",
        "n4 n1 n5",
        "n3 n2 n1",
        "n1 n2 n3",
        "n4 n2 n5",
      ]
    `);
  });
});

/** Nodes n1, n2, ... dealt to the zones in turn. */
function zonesOf(nodes: readonly string[], zoneCount: number): Map<string, string> {
  return new Map(nodes.map((node, index) => [node, `z${(index % zoneCount) + 1}`]));
}

describe("placement with zones", () => {
  const cluster = fc.record({
    count: fc.integer({ min: 1, max: 12 }),
    zoneCount: fc.integer({ min: 1, max: 5 }),
    replication: fc.integer({ min: 1, max: 5 }),
    key: fc.string({ unit: "binary" }),
    zoneless: fc.nat({ max: 3 }),
  });

  test("puts the owners of a key in as many zones as there are, each node once", () => {
    fc.assert(
      fc.property(cluster, ({ count, zoneCount, replication, key, zoneless }) => {
        const nodes = nodeNames(count);
        const zones = zonesOf(nodes.slice(zoneless), zoneCount);
        const owners = createPlacement({ nodes, replication, zones }).ownersOf(key);
        // A node without a zone fails by itself.
        const places = new Set(owners.map((owner) => zones.get(owner) ?? owner));
        const allPlaces = new Set(nodes.map((node) => zones.get(node) ?? node));
        expect(new Set(owners).size).toBe(Math.min(replication, count));
        expect(places.size).toBe(Math.min(owners.length, allPlaces.size));
      }),
      { numRuns: 500 },
    );
  });

  test("moves nothing but what a node that joins takes over, one owner a key", () => {
    fc.assert(
      fc.property(cluster, ({ count, zoneCount, replication, key }) => {
        const nodes = nodeNames(count + 1);
        const zones = zonesOf(nodes, zoneCount);
        const before = createPlacement({ nodes: nodeNames(count), replication, zones }).ownersOf(key);
        const after = createPlacement({ nodes, replication, zones }).ownersOf(key);
        const came = after.filter((owner) => !before.includes(owner));
        expect(came.every((owner) => owner === `n${count + 1}`)).toBe(true);
        expect(before.filter((owner) => !after.includes(owner)).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  test("spreads keys evenly over zones of the same size", () => {
    const nodes = nodeNames(9);
    const owned = new Map<string, number>();
    const placement = createPlacement({ nodes, replication: 3, zones: zonesOf(nodes, 3) });
    for (const key of KEYS) {
      for (const owner of placement.ownersOf(key)) owned.set(owner, (owned.get(owner) ?? 0) + 1);
    }
    const share = (KEYS.length * 3) / 9;
    for (const node of nodes) expect(Math.abs((owned.get(node) ?? 0) - share) / share).toBeLessThan(0.06);
  });

  test("is the usual one while no node has a zone", () => {
    const nodes = nodeNames(7);
    const plain = createPlacement({ nodes, replication: 3 });
    const zoned = createPlacement({ nodes, replication: 3, zones: new Map() });
    for (const key of KEYS.slice(0, 500)) expect(zoned.ownersOf(key)).toEqual(plain.ownersOf(key));
  });
});

/** The definition: sort all, take the best of each zone first. */
function bySorting(
  nodes: readonly string[],
  replication: number,
  zones: ReadonlyMap<string, string>,
  key: string,
) {
  const scored = nodes.map((node) => {
    const hash = hashText(node);
    return {
      node,
      zone: zones.get(node) ?? `alone: ${node}`,
      score: mix32(mix32(hash ^ hashText(key)) + hash),
    };
  });
  scored.sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1));
  const isFirst = ({ node, zone }: { node: string; zone: string }) =>
    scored.find((other) => other.zone === zone)?.node === node;
  const ranked = [...scored.filter(isFirst), ...scored.filter((each) => !isFirst(each))];
  return (zones.size === 0 ? scored : ranked).slice(0, replication).map(({ node }) => node);
}

test("the owners are those that sorting all nodes gives, in that order", () => {
  const zoned = fc.record({
    zone: fc.option(fc.constantFrom("a", "b", "c", "d")),
    name: fc.string({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(zoned, { selector: ({ name }) => name, minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.string(), { minLength: 1, maxLength: 5 }),
      (members, replicationMax, keys) => {
        const nodes = members.map(({ name }) => name);
        const zones = new Map(
          members.flatMap(({ name, zone }) => (zone === null ? [] : [[name, zone] as const])),
        );
        const replication = Math.min(replicationMax, nodes.length);
        const placement = createPlacement({ nodes, replication, zones });
        for (const key of keys) {
          expect(placement.ownersOf(key)).toEqual(bySorting(nodes, replication, zones, key));
        }
      },
    ),
    { numRuns: 300 },
  );
});
