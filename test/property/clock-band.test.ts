import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { clockBandMs } from "../../sim/run/clock-band.ts";
import type { Fault } from "../../sim/world/faults/index.ts";
import { WALL_START_MS } from "../../sim/world/machine-clock.ts";
import { injure } from "../support/injure.ts";
import { worldHarness } from "../support/world-harness.ts";

const MACHINES = ["n1", "n2"];
const END_MS = 1000;

const times = fc
  .tuple(fc.nat(END_MS), fc.nat(END_MS))
  .map(([a, b]) => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) }));
const machine = fc.constantFrom(...MACHINES);
const sizeMs = fc.integer({ min: -300, max: 300 });

const fault: fc.Arbitrary<Fault> = fc
  .tuple(
    times,
    machine,
    fc.oneof(
      sizeMs.map((offsetMs) => ({ kind: "clock-offset" as const, offsetMs })),
      fc
        .tuple(sizeMs, fc.boolean())
        .map(([jumpMs, isCorrected]) => ({ kind: "clock-jump" as const, jumpMs, isCorrected })),
      fc.integer({ min: -200_000, max: 200_000 }).map((ppm) => ({ kind: "clock-drift" as const, ppm })),
    ),
  )
  .map(([window, name, rest]) => ({ ...window, machine: name, ...rest }));

test.prop([fc.array(fault, { maxLength: 6 })], { seed: 20260303, numRuns: 200 })(
  "the band that a plan's faults need is the one in which the clocks stay",
  async (faults) => {
    const harness = worldHarness(MACHINES);
    for (const each of faults) injure(harness, each.kind, { ...each });
    let fromMs = 0;
    let toMs = 0;
    // Between two changes an error only grows or only shrinks.
    const edges = new Set(faults.flatMap(({ startMs, endMs }) => [startMs, endMs]));
    for (const at of [...edges, END_MS + 1].sort((x, y) => x - y)) {
      for (const us of [Math.max(0, at * 1000 - 1), at * 1000]) {
        await harness.kernel.run(us);
        for (const name of MACHINES) {
          const errorMs = harness.env(name).clock.now().wallMs - WALL_START_MS - us / 1000;
          fromMs = Math.min(fromMs, errorMs);
          toMs = Math.max(toMs, errorMs);
        }
      }
    }
    const bandMs = clockBandMs(faults);
    // A number of today's milliseconds is good for a quarter of a microsecond.
    expect(toMs - fromMs).toBeLessThanOrEqual(bandMs + 0.001);
    // What only lasts an instant is in the band, and never seen.
    if (edges.size === 2 * faults.length) expect(toMs - fromMs).toBeGreaterThan(bandMs - 0.21);
  },
);
