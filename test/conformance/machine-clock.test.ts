import { describeClock } from "../../packages/clock/test/clock-conformance.ts";
import { createSeededChooser } from "../../sim/kernel/choices.ts";
import { createKernel } from "../../sim/kernel/kernel.ts";
import { createTripwire } from "../../sim/kernel/tripwire.ts";
import { createHardwareClock } from "../../sim/world/hardware-clock.ts";
import { createMachineClock } from "../../sim/world/machine-clock.ts";
import { Processor } from "../../sim/world/processor.ts";

describeClock(
  "a simulated machine's clock",
  () => {
    const kernel = createKernel({
      chooser: createSeededChooser(1),
      tripwire: createTripwire(() => null),
      eventsMax: 1_000_000,
    });
    const owner = {
      lane: 1,
      isAlive: true,
      hardware: createHardwareClock(kernel),
      processor: new Processor(kernel, "n1", 1),
      reportError() {},
      countGhost() {},
    };
    return {
      clock: createMachineClock(kernel, owner),
      advance: (durationMs) => kernel.run(kernel.nowUs + durationMs * 1000),
    };
  },
  { hasEvents: false },
);
