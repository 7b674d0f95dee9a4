import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDraw } from "../../../sim/kernel/draw.ts";
import { cutsOf, partition } from "../../../sim/world/faults/partition.ts";
import { createPlaces, type Zones } from "../../../sim/world/places.ts";
import { worldHarness } from "../../support/world-harness.ts";

type Fault = ReturnType<typeof partition.draw>;
type Shape = Fault["shape"];

function machinesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

function drawn(
  shape: Shape,
  count: number,
  seed: number,
  targets: readonly string[] = machinesOf(count),
  zones: Zones = {},
): Fault {
  const draw = createDraw(seed);
  const machines = machinesOf(count);
  const places = createPlaces(machines, zones);
  return partition.draw(
    { shape: [shape] },
    {
      machines,
      places,
      targets,
      draw,
      startMs: 0,
      endMs: 100,
      crashpoints: [],
      catchUpMs: 0,
      clockSkewMs: 0,
    },
  );
}

/** Whom each machine reaches while the fault lasts, itself included. */
async function reach(fault: Fault, machines: readonly string[]): Promise<Map<string, Set<string>>> {
  const harness = worldHarness(machines);
  harness.at(1, () => partition.start(harness.world, fault));
  harness.at(2, () => {
    for (const from of machines) for (const to of machines) if (from !== to) harness.send(from, to, "x");
  });
  await harness.kernel.run(50_000);
  const reached = new Map(machines.map((machine) => [machine, new Set([machine])]));
  for (const { from, at } of harness.arrivals) reached.get(from)?.add(at);
  return reached;
}

describe("a partition", () => {
  test("majority-ring: each sees a majority, and no two the same one", async () => {
    for (const count of [4, 5, 6, 7, 9]) {
      const machines = machinesOf(count);
      const seen = await reach(drawn("majority-ring", count, count), machines);
      for (const set of seen.values()) {
        expect(set.size).toBeGreaterThan(count / 2);
        expect(set.size).toBeLessThan(count);
      }
      expect(new Set([...seen.values()].map((set) => [...set].sort().join())).size).toBe(count);
    }
  });

  test("bridge: one machine reaches all, the others their own side and the bridge", async () => {
    for (const count of [3, 5, 8]) {
      const fault = drawn("bridge", count, count);
      const seen = await reach(fault, machinesOf(count));
      const bridge = fault.bridge as string;
      expect(seen.get(bridge)?.size).toBe(count);
      for (const side of [fault.left, fault.right]) {
        for (const machine of side) expect(seen.get(machine)).toEqual(new Set([...side, bridge]));
      }
      expect(fault.left.length + fault.right.length).toBe(count - 1);
    }
  });

  test("random-split: two sides of any size, neither empty", async () => {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      const fault = drawn("random-split", 5, seed);
      sizes.add(fault.left.length);
      expect([...fault.left, ...fault.right].sort()).toEqual(machinesOf(5));
    }
    expect(sizes).toEqual(new Set([1, 2, 3, 4]));
    const fault = drawn("random-split", 5, 3);
    const seen = await reach(fault, machinesOf(5));
    for (const machine of fault.left) expect(seen.get(machine)).toEqual(new Set(fault.left));
  });

  test("isolate-one and one-way cut off one of those that they may", () => {
    const cutOff = (shape: Shape, targets: readonly string[]) =>
      new Set(Array.from({ length: 50 }, (_, seed) => drawn(shape, 5, seed, targets).left.join()));
    expect(cutOff("isolate-one", ["n2", "n4"])).toEqual(new Set(["n2", "n4"]));
    expect(cutOff("one-way", ["n3"])).toEqual(new Set(["n3"]));
    expect(drawn("isolate-one", 5, 1, ["n3"]).right).toEqual(["n1", "n2", "n4", "n5"]);
  });

  test("zone-outage: a whole zone sees itself and nobody else", async () => {
    const zones = { east: ["n1", "n4"], west: ["n2", "n3", "n5"] };
    const lefts = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const fault = drawn("zone-outage", 5, seed, machinesOf(5), zones);
      lefts.add(fault.left.join());
      const seen = await reach(fault, machinesOf(5));
      for (const zone of Object.values(zones)) {
        for (const machine of zone) expect(seen.get(machine)).toEqual(new Set(zone));
      }
    }
    expect(lefts).toEqual(new Set(["n1,n4", "n2,n3,n5"]));
    expect(drawn("zone-outage", 5, 1, ["n4"], zones).left).toEqual(["n1", "n4"]);
    expect(drawn("zone-outage", 5, 1).shape).toBe("halves");
  });

  test("what too few machines cannot have is halves instead", () => {
    expect(drawn("majority-ring", 3, 1).shape).toBe("halves");
    expect(drawn("bridge", 2, 1).shape).toBe("halves");
  });

  test("with a period it is cut for the first half of each, never beyond its end", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 1, max: 700 }),
        (startMs, lengthMs, periodMs) => {
          const fault = { ...drawn("halves", 4, 1), startMs, endMs: startMs + lengthMs, periodMs };
          const windows = cutsOf(fault);
          expect(windows).toHaveLength(Math.ceil(lengthMs / periodMs));
          for (const [i, window] of windows.entries()) {
            expect(window.startMs).toBeCloseTo(startMs + i * periodMs, 2);
            expect(window.endMs).toBeLessThanOrEqual(fault.endMs);
            expect(window.endMs - window.startMs).toBeLessThanOrEqual(periodMs / 2 + 0.001);
          }
        },
      ),
    );
    expect(cutsOf(drawn("halves", 4, 1))).toEqual([{ startMs: 0, endMs: 100 }]);
  });

  test.each([
    [{ shape: "majority-ring", left: ["n1", "n2", "n3"], right: [] }, ["left"]],
    [{ shape: "majority-ring", left: machinesOf(4), right: ["n5"] }, ["right"]],
    [{ shape: "halves", left: ["n1"], right: [] }, ["right"]],
    [{ shape: "bridge", left: ["n1"], right: ["n2"] }, ["shape"]],
    [{ shape: "halves", left: ["n1"], right: ["n2"], bridge: "n3" }, ["bridge"]],
    [{ shape: "halves", left: ["n1"], right: ["n2"], periodMs: 1, endMs: 1_000_000 }, ["periodMs"]],
    [{ shape: "halves", left: ["n1"], right: ["n2"], periodMs: 10 }, []],
  ])("%j is refused at %j", (fields, places) => {
    const fault = partition.faultSchema.parse({ kind: "partition", startMs: 0, endMs: 100, ...fields });
    expect(partition.checkFault(fault).map(({ field }) => field)).toEqual(places);
  });
});
