import { fc, test as property } from "@fast-check/vitest";
import { ms } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import { createHardwareClock } from "../../../sim/world/hardware-clock.ts";
import { WALL_START_MS } from "../../../sim/world/machine-clock.ts";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2"];

/** What a machine's clock shows at some moments: `[wall, mono]` in milliseconds, the wall from its start. */
async function shown(harness: WorldHarness, machine: string, times: readonly number[]) {
  const seen: [number, number][] = [];
  for (const at of times) {
    await harness.kernel.run(at * 1000);
    const { wallMs, monoMs } = harness.env(machine).clock.now();
    seen.push([Math.round((wallMs - WALL_START_MS) * 1000) / 1000, monoMs]);
  }
  return seen;
}

describe("a clock that is off", () => {
  test("is ahead or behind on the wall only, while the fault lasts, on that machine only", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "clock-offset", { startMs: 100, endMs: 300, machine: "n1", offsetMs: -70.5 });
    expect(await shown(harness, "n1", [99, 100, 200, 300, 400])).toEqual([
      [99, 99],
      [29.5, 100],
      [129.5, 200],
      [300, 300],
      [400, 400],
    ]);
    expect(await shown(harness, "n2", [500])).toEqual([[500, 500]]);
  });

  test("adds up with others, each until its own end", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "clock-offset", { startMs: 100, endMs: 400, machine: "n1", offsetMs: 50 });
    injure(harness, "clock-jump", {
      startMs: 200,
      endMs: 300,
      machine: "n1",
      jumpMs: -20,
      isCorrected: true,
    });
    const walls = (await shown(harness, "n1", [150, 250, 350, 450])).map(([wall]) => wall);
    expect(walls).toEqual([200, 280, 400, 450]);
  });
});

describe("a clock that jumps", () => {
  const jump = { startMs: 100, endMs: 300, machine: "n1", jumpMs: 1000 };

  test("steps back at the end, or stays", async () => {
    const corrected = worldHarness(MACHINES);
    injure(corrected, "clock-jump", { ...jump, isCorrected: true });
    expect(await shown(corrected, "n1", [200, 400])).toEqual([
      [1200, 200],
      [400, 400],
    ]);
    const left = worldHarness(MACHINES);
    injure(left, "clock-jump", { ...jump, isCorrected: false });
    expect(await shown(left, "n1", [200, 400])).toEqual([
      [1200, 200],
      [1400, 400],
    ]);
  });

  test("rings the deadlines that it passes, and puts off those that it runs away from", async () => {
    const harness = worldHarness(MACHINES);
    const rung: [string, number][] = [];
    const { kernel } = harness;
    harness.at(1, () => {
      const { clock } = harness.env("n1");
      for (const at of [150, 900, 1500]) {
        const target = { wallMs: WALL_START_MS + at };
        void clock.deadline(target).then(() => rung.push([`wall ${at}`, kernel.nowUs / 1000]));
      }
      void clock.sleep(ms(199)).then(() => rung.push(["mono 200", kernel.nowUs / 1000]));
    });
    injure(harness, "clock-jump", { ...jump, isCorrected: true });
    await kernel.run(3_000_000);
    expect(rung).toEqual([
      ["wall 150", 100],
      ["wall 900", 100],
      ["mono 200", 200],
      ["wall 1500", 1500],
    ]);
  });

  test("backwards keeps a deadline waiting for the wall to come there again", async () => {
    const harness = worldHarness(MACHINES);
    let rungMs = 0;
    harness.at(1, () => {
      const target = { wallMs: WALL_START_MS + 150 };
      void harness
        .env("n1")
        .clock.deadline(target)
        .then(() => (rungMs = harness.kernel.nowUs / 1000));
    });
    injure(harness, "clock-jump", { ...jump, endMs: 2000, jumpMs: -500, isCorrected: true });
    await harness.kernel.run(3_000_000);
    expect(rungMs).toBe(650);
  });

  test("does so after a restart too: the clock is the machine's, not the process's", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "clock-jump", { ...jump, endMs: 500, isCorrected: true });
    injure(harness, "crash", { startMs: 200, endMs: 250, machine: "n1" });
    expect(await shown(harness, "n1", [300])).toEqual([[1300, 300]]);
    let rungMs = 0;
    void harness
      .env("n1")
      .clock.deadline({ wallMs: WALL_START_MS + 700 })
      .then(() => (rungMs = harness.kernel.nowUs / 1000));
    expect(await shown(harness, "n1", [600])).toEqual([[600, 600]]);
    await harness.kernel.run(2_000_000);
    // It showed 1300 when the deadline was set.
    expect(rungMs).toBe(300);
  });

  test("sets no timer of a dead life anew", async () => {
    const harness = worldHarness(MACHINES);
    let rung = 0;
    harness.at(
      1,
      () =>
        void harness
          .env("n1")
          .clock.sleep(ms(500))
          .then(() => rung++),
    );
    injure(harness, "crash", { startMs: 50, endMs: 2000, machine: "n1" });
    injure(harness, "clock-jump", { ...jump, isCorrected: true });
    await harness.kernel.run(3_000_000);
    expect(rung).toBe(0);
  });
});

describe("a clock that drifts", () => {
  test("is fast or slow on both tracks, its timers with it; at the end the wall is right again", async () => {
    const harness = worldHarness(MACHINES);
    const rung: [number, number][] = [];
    harness.at(1000, () => {
      for (const machine of MACHINES) {
        const { clock } = harness.env(machine);
        void clock.sleep(ms(1000)).then(() => rung.push([harness.kernel.nowUs / 1000, clock.now().monoMs]));
      }
    });
    injure(harness, "clock-drift", { startMs: 500, endMs: 4500, machine: "n1", ppm: -200_000 });
    expect(await shown(harness, "n1", [500, 1500, 4499, 4500, 5000])).toEqual([
      [500, 500],
      [1300, 1300],
      [3699.2, 3699.2],
      [4500, 3700],
      [5000, 4200],
    ]);
    // 1000 ms of its own time are 1250 ms.
    expect(rung).toEqual([
      [2000, 2000],
      [2250, 1900],
    ]);
  });

  test("lets an interval keep its cadence in its own time, across a change of the rate", async () => {
    const harness = worldHarness(MACHINES);
    const ticks: number[] = [];
    harness.at(0.001, () => {
      const { clock } = harness.env("n1");
      clock.interval(ms(100), () => void ticks.push(harness.kernel.nowUs / 1000));
    });
    injure(harness, "clock-drift", { startMs: 250, endMs: 1000, machine: "n1", ppm: 200_000 });
    await harness.kernel.run(600_000);
    // 49.999 ms are left of the third beat; at 6/5 of the rate they are 41.667.
    expect(ticks.slice(0, 5)).toEqual([100.001, 200.001, 291.668, 375.001, 458.335]);
  });

  test("two at once add up, and leave nothing behind", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "clock-drift", { startMs: 0, endMs: 1000, machine: "n1", ppm: 33_333 });
    injure(harness, "clock-drift", { startMs: 333.333, endMs: 1777.777, machine: "n1", ppm: -33_333 });
    injure(harness, "clock-drift", { startMs: 500, endMs: 1500, machine: "n1", ppm: 777 });
    const [[wall] = [0]] = await shown(harness, "n1", [3000]);
    expect(wall).toBe(3000);
  });
});

const change = fc.record({
  gapUs: fc.integer({ min: 1, max: 2_000_000 }),
  owner: fc.nat(3),
  error: fc.oneof(
    fc.record({ ppm: fc.integer({ min: -200_000, max: 200_000 }) }),
    fc.record({ aheadUs: fc.integer({ min: -1_000_000, max: 1_000_000 }) }),
    fc.constant(null),
  ),
});

property.prop([fc.array(change, { maxLength: 12 }), fc.array(fc.nat(3_000_000), { maxLength: 5 })], {
  seed: 20260302,
  numRuns: 300,
})(
  "whatever happens to a clock, its monotonic track goes on and its due times are exact",
  (changes, waits) => {
    const kernel = { nowUs: 0 };
    const clock = createHardwareClock(kernel as never);
    const owners = [{}, {}, {}, {}];
    let before = 0;
    for (const { gapUs, owner, error } of changes) {
      for (let step = 1; step <= 3; step++) {
        const mono = clock.monoUsAt(kernel.nowUs + Math.floor((gapUs * step) / 3));
        expect(mono).toBeGreaterThanOrEqual(before);
        before = mono;
      }
      kernel.nowUs += gapUs;
      const place = owners[owner] as object;
      clock.lift(place);
      if (error !== null) clock.impose(place, error);
      expect(clock.monoUsAt(kernel.nowUs)).toBe(before);
      const aheadUs = clock.wallUs() - before;
      for (const waitUs of waits) {
        const trackUs = before + waitUs;
        const dueUs = clock.dueUs("mono", trackUs);
        expect(clock.monoUsAt(dueUs)).toBeGreaterThanOrEqual(trackUs);
        expect(clock.monoUsAt(dueUs - 1)).toBeLessThan(trackUs);
        expect(clock.dueUs("wall", trackUs + aheadUs)).toBe(dueUs);
      }
    }
    for (const owner of owners) clock.lift(owner);
    expect(clock.wallUs()).toBe(kernel.nowUs);
  },
);
