import { describe, expect, test } from "vitest";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2", "n3"];
/** So that one byte takes a millisecond. */
const SLOW = { latency: { kind: "constant", ms: 5 }, bytesPerSecond: 1000, queueBytes: 100 } as const;

function texts(harness: WorldHarness): [string, number][] {
  return harness.arrivals.map(({ text, atUs }) => [text[0] as string, atUs / 1000]);
}

function send(harness: WorldHarness, name: string, bytes: number, to = "n2"): void {
  harness.send("n1", to, name.padEnd(bytes, "."));
}

describe("a link of limited bandwidth", () => {
  test("sends one frame after the other, then each takes its latency", async () => {
    const harness = worldHarness(MACHINES, SLOW);
    harness.at(0, () => {
      send(harness, "a", 10);
      send(harness, "b", 20);
      send(harness, "c", 5, "n3");
    });
    harness.at(100, () => send(harness, "d", 10));
    await harness.kernel.run(1_000_000);
    expect(texts(harness)).toEqual([
      ["c", 10],
      ["a", 15],
      ["b", 35],
      ["d", 115],
    ]);
  });

  test("drops what has no room to wait, but never what finds it idle", async () => {
    const harness = worldHarness(MACHINES, SLOW);
    harness.at(0, () => {
      send(harness, "a", 500);
      send(harness, "b", 1);
    });
    // 100 bytes are left to be sent, then 60: one more fits when 40 are.
    harness.at(400, () => send(harness, "c", 1));
    harness.at(440, () => send(harness, "d", 41));
    harness.at(440, () => send(harness, "e", 40));
    await harness.kernel.run(1_000_000);
    expect(texts(harness)).toEqual([
      ["a", 505],
      ["e", 545],
    ]);
    expect(harness.world.network.statistics).toMatchObject({ sent: 5, delivered: 2, overflowed: 3 });
  });

  test("carries what its bandwidth allows, to the microsecond, however the frames are cut", async () => {
    const harness = worldHarness(MACHINES, {
      latency: { kind: "constant", ms: 0 },
      bytesPerSecond: 300_000,
      queueBytes: 1_000_000,
    });
    harness.at(0, () => {
      for (let i = 0; i < 1000; i++) send(harness, "x", 7);
    });
    await harness.kernel.run(1_000_000);
    expect(harness.arrivals.at(-1)?.atUs).toBe(Math.ceil((7000 / 300_000) * 1_000_000));
  });

  test("loses time for what is lost on it, and none for second copies and resets", async () => {
    const lossy = worldHarness(MACHINES, { ...SLOW, loss: 1 });
    lossy.at(0, () => {
      send(lossy, "a", 60);
      send(lossy, "b", 60);
    });
    await lossy.kernel.run(1_000_000);
    expect(lossy.world.network.statistics).toMatchObject({ lost: 1, overflowed: 1 });

    const doubled = worldHarness(MACHINES, { ...SLOW, duplicate: 1 });
    doubled.at(0, () => {
      send(doubled, "a", 10);
      send(doubled, "b", 10);
    });
    await doubled.kernel.run(1_000_000);
    expect(
      texts(doubled).filter(([text], i, all) => all.findIndex(([other]) => other === text) === i),
    ).toEqual([
      ["a", 15],
      ["b", 25],
    ]);
    expect(doubled.arrivals).toHaveLength(4);
  });

  test("makes a reset wait for what was sent before it", async () => {
    const harness = worldHarness(MACHINES, SLOW);
    harness.at(10, () => send(harness, "a", 50));
    injure(harness, "crash", { startMs: 20, endMs: 500, machine: "n1" });
    await harness.kernel.run(1_000_000);
    const atN2 = harness.arrivals.filter(({ at }) => at === "n2").map(({ text, atUs }) => [text[0], atUs]);
    expect(atN2).toEqual([
      ["a", 65_000],
      ["r", 65_001],
    ]);
  });
});

describe("congestion", () => {
  const fast = { latency: { kind: "constant", ms: 5 } } as const;

  test("makes messages wait while it lasts, and sends the rest at once when it is over", async () => {
    const harness = worldHarness(MACHINES, fast);
    injure(harness, "congestion", { startMs: 100, endMs: 200, bytesPerSecond: 1000 });
    harness.at(99, () => send(harness, "a", 1000));
    harness.at(110, () => {
      send(harness, "b", 30);
      send(harness, "c", 100);
      send(harness, "d", 10);
    });
    harness.at(201, () => send(harness, "e", 1000));
    await harness.kernel.run(1_000_000);
    // c has 50 bytes left when all may go at once; d follows it by its order.
    expect(texts(harness)).toEqual([
      ["a", 104],
      ["b", 145],
      ["c", 205],
      ["d", 205.001],
      ["e", 206],
    ]);
  });

  test("is on some links only, if the plan says so, and fills their queue", async () => {
    const harness = worldHarness(MACHINES, { ...fast, zones: { z1: ["n1"], z2: ["n2", "n3"] } });
    injure(harness, "congestion", {
      startMs: 0,
      endMs: 900,
      bytesPerSecond: 1000,
      queueBytes: 30,
      from: "n1",
      to: "n2",
    });
    harness.at(10, () => {
      for (const name of ["a", "b", "c", "d"]) send(harness, name, 15);
      send(harness, "x", 900, "n3");
      harness.send("n2", "n1", "y".repeat(900));
    });
    await harness.kernel.run(1_000_000);
    expect(texts(harness)).toEqual([
      ["x", 15],
      ["y", 15],
      ["a", 30],
      ["b", 45],
    ]);
    expect(harness.world.network.statistics.overflowed).toBe(2);
  });

  test("of two at once the narrower counts, and what waits goes on at what is left", async () => {
    const harness = worldHarness(MACHINES, { ...fast, bytesPerSecond: 10_000, queueBytes: 1000 });
    injure(harness, "congestion", { startMs: 0, endMs: 50, bytesPerSecond: 1000 });
    injure(harness, "congestion", { startMs: 0, endMs: 100, bytesPerSecond: 2000 });
    harness.at(0.001, () => send(harness, "a", 400));
    await harness.kernel.run(1_000_000);
    // 50 bytes in 50 ms, 100 in the next 50, and 250 in another 25.
    expect(harness.arrivals.map(({ atUs }) => Math.round(atUs / 100) / 10)).toEqual([130]);
  });

  test("slows down what waits when it begins", async () => {
    const harness = worldHarness(MACHINES, { ...fast, bytesPerSecond: 10_000, queueBytes: 1000 });
    injure(harness, "congestion", { startMs: 20, endMs: 500, bytesPerSecond: 1000 });
    harness.at(0, () => {
      send(harness, "a", 100);
      send(harness, "b", 200);
      send(harness, "c", 50);
    });
    await harness.kernel.run(1_000_000);
    // b has 100 bytes left when it begins.
    expect(texts(harness)).toEqual([
      ["a", 15],
      ["b", 125],
      ["c", 175],
    ]);
  });

  test("counts the time on the line and the delay of a slow link each for itself", async () => {
    const harness = worldHarness(MACHINES, { ...SLOW });
    injure(harness, "slow-link", { startMs: 0, endMs: 40, from: "n1", to: "n2", factor: 10 });
    harness.at(1, () => {
      send(harness, "a", 9);
      send(harness, "b", 90);
    });
    await harness.kernel.run(1_000_000);
    // a left at 10 and has 20 of 50 ms left at 40, which take 2; b is still waiting then, and has all before it.
    expect(texts(harness)).toEqual([
      ["a", 42],
      ["b", 105],
    ]);
  });
});
