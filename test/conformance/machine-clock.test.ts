import { describeClock } from "../../packages/clock/test/clock-conformance.ts";
import { createSeededChooser } from "../../sim/kernel/choices.ts";
import { createKernel } from "../../sim/kernel/kernel.ts";
import { createTripwire } from "../../sim/kernel/tripwire.ts";
import { createHardwareClock, type HardwareClock } from "../../sim/world/hardware-clock.ts";
import { createMachineClock } from "../../sim/world/machine-clock.ts";
import { Processor } from "../../sim/world/processor.ts";

function machineClock(disturb: (hardware: HardwareClock) => void, { uptimeUs = 0, monoStartUs = 0 } = {}) {
  const kernel = createKernel({
    chooser: createSeededChooser(1),
    tripwire: createTripwire(() => null),
    eventsMax: 1_000_000,
  });
  const hardware = createHardwareClock(kernel, uptimeUs);
  const owner = {
    lane: 1,
    isAlive: true,
    hardware,
    monoStartUs,
    processor: new Processor(kernel, "n1", 1),
    reportError() {},
    countGhost() {},
  };
  const clock = createMachineClock(kernel, owner);
  disturb(hardware);
  return {
    clock,
    /** By the machine's own time. */
    advance: (durationMs: number) =>
      kernel.run(hardware.dueUs("mono", hardware.monoUsAt(kernel.nowUs) + durationMs * 1000)),
  };
}

const VARIANTS: readonly (readonly [string, (hardware: HardwareClock) => void, isExact: boolean])[] = [
  ["a simulated machine's clock", () => {}, true],
  [
    "a machine's clock that has jumped forward",
    (clock) => clock.impose({}, { aheadUs: 3_600_000_000 }),
    true,
  ],
  ["a machine's clock that has jumped back", (clock) => clock.impose({}, { aheadUs: -3_600_000_000 }), true],
  ["a machine's clock that is slow", (clock) => clock.impose({}, { ppm: -1234.5 }), true],
  ["a machine's clock that is very slow", (clock) => clock.impose({}, { ppm: -200_000 }), true],
  // On a fast clock a timer may be a microsecond late.
  ["a machine's clock that is fast", (clock) => clock.impose({}, { ppm: 1234.5 }), false],
  ["a machine's clock that is very fast", (clock) => clock.impose({}, { ppm: 199_999 }), false],
  [
    "a machine's clock that has been set right again",
    (clock) => {
      const owner = {};
      clock.impose(owner, { aheadUs: -77, ppm: 150_000 });
      clock.lift(owner);
    },
    true,
  ],
];

describeClock(
  "the clock of a machine that has been up",
  () => machineClock(() => {}, { uptimeUs: 7_777_777_777 }),
  {
    hasEvents: false,
    isExact: true,
  },
);
describeClock(
  "the clock of a later life, which begins at 0",
  () =>
    machineClock((clock) => clock.impose({}, { ppm: -1234.5 }), {
      uptimeUs: 5_555_555,
      monoStartUs: 5_555_555,
    }),
  { hasEvents: false, isExact: true },
);

for (const [name, disturb, isExact] of VARIANTS) {
  describeClock(name, () => machineClock(disturb), { hasEvents: false, isExact });
}
