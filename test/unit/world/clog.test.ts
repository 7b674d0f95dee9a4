import { describe, expect, test } from "vitest";
import { createDraw } from "../../../sim/kernel/draw.ts";
import { clog } from "../../../sim/world/faults/clog.ts";
import { swizzleClog } from "../../../sim/world/faults/swizzle-clog.ts";
import { createPlaces } from "../../../sim/world/places.ts";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2", "n3", "n4"];
const FIVE = { latency: { kind: "constant", ms: 5 } } as const;

function seen(harness: WorldHarness): [text: string, atMs: number][] {
  return harness.arrivals.map(({ text, atUs }) => [text, atUs / 1000]);
}

function occasion(seed: number, startMs = 0, endMs = 1000) {
  const places = createPlaces(MACHINES, { z1: ["n1", "n2"], z2: ["n3", "n4"] });
  return {
    machines: MACHINES,
    places,
    targets: MACHINES,
    crashpoints: [],
    catchUpMs: 0,
    clockSkewMs: 0,
    draw: createDraw(seed),
    startMs,
    endMs,
  };
}

describe("a clog", () => {
  test("holds what would arrive while it lasts, whenever it was sent, and lets it go together and in order", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "clog", { startMs: 100, endMs: 200, from: "n1", to: "n2" });
    for (const ms of [94, 96, 150, 160, 196, 210]) harness.at(ms, () => harness.send("n1", "n2", `${ms}`));
    harness.at(150, () => harness.send("n2", "n1", "back"));
    await harness.kernel.run(1_000_000);
    expect(seen(harness)).toEqual([
      ["94", 99],
      ["back", 155],
      ["96", 200],
      ["150", 200],
      ["160", 200],
      ["196", 201],
      ["210", 215],
    ]);
    expect(harness.world.network.statistics).toMatchObject({ held: 3, delivered: 7 });
  });

  test("of a machine holds all its links, in both directions, and no other", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "clog", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(120, () => {
      for (const from of MACHINES) {
        for (const to of MACHINES) if (from !== to) harness.send(from, to, `${from}>${to}`);
      }
    });
    await harness.kernel.run(1_000_000);
    for (const [text, atMs] of seen(harness)) expect(atMs).toBe(text.includes("n2") ? 200 : 125);
    expect(harness.arrivals).toHaveLength(12);
  });

  test("may be on the links between two zones", async () => {
    const harness = worldHarness(MACHINES, { ...FIVE, zones: { z1: ["n1", "n2"], z2: ["n3", "n4"] } });
    injure(harness, "clog", { startMs: 100, endMs: 200, from: "z1", to: "z2" });
    harness.at(120, () => {
      harness.send("n1", "n4", "over");
      harness.send("n4", "n1", "back");
      harness.send("n1", "n2", "within");
    });
    await harness.kernel.run(1_000_000);
    expect(seen(harness)).toEqual([
      ["back", 125],
      ["within", 125],
      ["over", 200],
    ]);
  });

  test("goes on while another one lasts", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "clog", { startMs: 100, endMs: 200, machine: "n2" });
    injure(harness, "clog", { startMs: 150, endMs: 300, from: "n1", to: "*" });
    harness.at(120, () => harness.send("n1", "n2", "both"));
    harness.at(120, () => harness.send("n3", "n2", "one"));
    await harness.kernel.run(1_000_000);
    expect(seen(harness)).toEqual([
      ["one", 200],
      ["both", 300],
    ]);
  });

  test("gives what it held to the world as it is when it ends: a cut link, a machine that is down", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "clog", { startMs: 100, endMs: 200, from: "n1", to: "*" });
    injure(harness, "partition", {
      startMs: 150,
      endMs: 250,
      shape: "isolate-one",
      left: ["n2"],
      right: ["n1", "n3", "n4"],
    });
    injure(harness, "crash", { startMs: 150, endMs: 250, machine: "n3" });
    harness.at(120, () => {
      for (const to of ["n2", "n3", "n4"]) harness.send("n1", to, to);
    });
    await harness.kernel.run(1_000_000);
    expect(seen(harness).filter(([text]) => text !== "reset")).toEqual([["n4", 200]]);
    expect(harness.world.network.statistics).toMatchObject({ blocked: 1, refused: 1, delivered: 1, held: 3 });
  });

  test("holds the reset after a crash too, behind what was sent before it", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "clog", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(110, () => harness.send("n1", "n2", "last words"));
    injure(harness, "crash", { startMs: 112, endMs: 150, machine: "n1" });
    harness.at(160, () => harness.send("n1", "n2", "hello again"));
    await harness.kernel.run(1_000_000);
    expect(seen(harness).filter(([, atMs]) => atMs >= 200)).toEqual([
      ["last words", 200],
      ["reset", 200],
      ["hello again", 200],
    ]);
  });

  test("is drawn for one of the machines that it may happen to, or for the links that are named", () => {
    expect(clog.draw({}, { ...occasion(3), targets: ["n4"] })).toEqual({
      kind: "clog",
      startMs: 0,
      endMs: 1000,
      machine: "n4",
    });
    expect(clog.draw({ from: "z1" }, occasion(3))).toEqual({
      kind: "clog",
      startMs: 0,
      endMs: 1000,
      from: "z1",
    });
    const { places } = occasion(1);
    const lasts = { min: 0, max: 1 };
    expect(
      clog.checkSpec(
        { from: "n1", among: ["n2"], lasts },
        { machines: MACHINES, places, catchUpMs: 0, clockSkewMs: 0 },
      ),
    ).toHaveLength(1);
    expect(
      clog.checkSpec(
        { from: "n1", to: "n1", lasts },
        { machines: MACHINES, places, catchUpMs: 0, clockSkewMs: 0 },
      ),
    ).toHaveLength(1);
    expect(clog.checkFault({ kind: "clog", startMs: 0, endMs: 1 })).toHaveLength(1);
    expect(clog.checkFault({ kind: "clog", startMs: 0, endMs: 1, machine: "n1", to: "n2" })).toHaveLength(1);
  });
});

describe("a swizzle-clog", () => {
  test("clogs some machines one after the other and opens them in another order", () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const { clogs } = swizzleClog.draw({}, occasion(seed, 100, 1100));
      expect(clogs.length).toBeGreaterThanOrEqual(2);
      expect(clogs.length).toBeLessThanOrEqual(4);
      const stepMs = 500 / clogs.length;
      for (const [i, each] of clogs.entries()) expect(each.startMs).toBeCloseTo(100 + i * stepMs, 2);
      const ends = clogs.map(({ endMs }) => endMs).sort((a, b) => a - b);
      for (const [i, endMs] of ends.entries()) expect(endMs).toBeCloseTo(600 + (i + 1) * stepMs, 2);
      const opened = clogs.toSorted((a, b) => a.endMs - b.endMs);
      orders.add(
        `${clogs.map(({ machine }) => machine).join()} ${opened.map(({ machine }) => machine).join()}`,
      );
      expect(swizzleClog.checkFault({ kind: "swizzle-clog", startMs: 100, endMs: 1100, clogs })).toEqual([]);
    }
    expect(orders.size).toBeGreaterThan(25);
  });

  test("does that to the world: each machine is held from its own start to its own end", async () => {
    const harness = worldHarness(MACHINES, FIVE);
    injure(harness, "swizzle-clog", {
      startMs: 100,
      endMs: 500,
      clogs: [
        { machine: "n2", startMs: 100, endMs: 500 },
        { machine: "n3", startMs: 200, endMs: 400 },
      ],
    });
    for (const ms of [90, 150, 250, 450, 600]) {
      harness.at(ms, () => {
        harness.send("n1", "n2", `n2 ${ms}`);
        harness.send("n1", "n3", `n3 ${ms}`);
        harness.send("n1", "n4", `n4 ${ms}`);
      });
    }
    await harness.kernel.run(1_000_000);
    const at = new Map(seen(harness));
    expect(["n2 90", "n2 150", "n2 250", "n2 450", "n2 600"].map((text) => at.get(text))).toEqual([
      95, 500, 500, 500, 605,
    ]);
    expect(["n3 90", "n3 150", "n3 250", "n3 450", "n3 600"].map((text) => at.get(text))).toEqual([
      95, 155, 400, 455, 605,
    ]);
    expect([...at].filter(([text, ms]) => text.startsWith("n4") && ms !== Number(text.slice(3)) + 5)).toEqual(
      [],
    );
  });

  test("has nothing outside its own time", () => {
    const fault = { kind: "swizzle-clog" as const, startMs: 100, endMs: 500 };
    const problem = (startMs: number, endMs: number) =>
      swizzleClog.checkFault({ ...fault, clogs: [{ machine: "n1", startMs, endMs }] }).length;
    expect([problem(100, 500), problem(99, 500), problem(100, 501), problem(300, 200)]).toEqual([0, 1, 1, 1]);
  });
});
