import { describe, expect, test } from "vitest";
import { createSeededChooser } from "../../../sim/kernel/choices.ts";
import { operationCause } from "../../../sim/kernel/cause.ts";
import { chooseBits, corruptionSites, flipBits } from "../../../sim/world/corruption.ts";
import { injure } from "../../support/injure.ts";
import { worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2"];
const FRAME = "0123456789";

/** Bits in which two texts of one length differ. */
function distance(a: Uint8Array, b: Uint8Array): number {
  return a.reduce(
    (sum, byte, i) => sum + ((byte ^ (b[i] as number)).toString(2).match(/1/g)?.length ?? 0),
    0,
  );
}

describe("corruption", () => {
  test("flips one to three bits of so many frames, and never those of the sender", async () => {
    const harness = worldHarness(MACHINES, { corrupt: 0.3 });
    const sent = new TextEncoder().encode(FRAME);
    const received: Uint8Array[] = [];
    harness.at(0, () => harness.env("n2").network.onFrame((_, frame) => received.push(frame)));
    for (let i = 1; i <= 4000; i++) harness.at(i, () => harness.env("n1").network.send("n2", sent));
    await harness.kernel.run(10_000_000);
    expect(new TextDecoder().decode(sent)).toBe(FRAME);
    expect(received).toHaveLength(4000);
    const flips = received.map((frame) => distance(frame, sent));
    const count = (n: number) => flips.filter((each) => each === n).length;
    // 4,000 trials at p = 0.3 have a standard deviation of 29; a third of 1,200 has 16.
    expect(Math.abs(count(0) - 2800)).toBeLessThan(145);
    for (const n of [1, 2, 3]) expect(Math.abs(count(n) - 400)).toBeLessThan(80);
    expect(harness.world.network.statistics).toMatchObject({ delivered: 4000, corrupted: 4000 - count(0) });
  });

  test("as a fault is on top of the network's own, while it lasts and where it is", async () => {
    const harness = worldHarness([...MACHINES, "n3"]);
    injure(harness, "corrupt", { startMs: 100, endMs: 200, share: 1, to: "n2" });
    for (const ms of [50, 150, 250]) {
      harness.at(ms, () => {
        harness.send("n1", "n2", FRAME);
        harness.send("n1", "n3", FRAME);
      });
    }
    await harness.kernel.run(1_000_000);
    const damaged = harness.arrivals.filter(({ text }) => text !== FRAME);
    expect(damaged.map(({ at, atUs }) => [at, atUs])).toEqual([["n2", 151_000]]);
  });

  test("leaves second copies alone, and frames of no bytes", async () => {
    const harness = worldHarness(MACHINES, { corrupt: 1, duplicate: 1 });
    harness.at(0, () => harness.send("n1", "n2", FRAME));
    harness.at(10, () => harness.send("n1", "n2", ""));
    await harness.kernel.run(1_000_000);
    expect(harness.arrivals.map(({ text }) => text === FRAME)).toEqual([false, true, false, false]);
    expect(harness.arrivals.slice(2).map(({ text }) => text)).toEqual(["", ""]);
    expect(harness.world.network.statistics.corrupted).toBe(1);
  });

  test("chooses every bit as often as another, each once in a frame", () => {
    const [n1, n2] = MACHINES.map((id) => ({ id }));
    const sites = corruptionSites(n1 as never, n2 as never);
    const chooser = createSeededChooser(1);
    const hits = new Map<number, number>();
    for (let i = 0; i < 6000; i++) {
      const bits = chooseBits(sites, 4, chooser, operationCause(`c#${i}`), 0);
      expect(new Set(bits).size).toBe(bits.length);
      for (const bit of bits) hits.set(bit, (hits.get(bit) ?? 0) + 1);
    }
    expect([...hits.keys()].sort((a, b) => a - b)).toEqual([...Array(32).keys()]);
    // 12,000 flips over 32 bits: 375 each, with a standard deviation of 19.
    for (const count of hits.values()) expect(Math.abs(count - 375)).toBeLessThan(100);
    for (let i = 0; i < 50; i++) {
      const bits = chooseBits(sites, 1, chooser, operationCause(`d#${i}`), 0);
      expect(distance(flipBits(new Uint8Array(1), bits), new Uint8Array(1))).toBe(bits.length);
    }
  });
});
