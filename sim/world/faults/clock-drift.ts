import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { countRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import { checkSkewBudget, clockEffect, type Direction, drawSigned, upTo } from "./clock-fault.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

/** A fifth: far beyond any quartz, but not beyond a virtual machine whose clock ticks are lost. */
const PPM_MAX = 200_000;
/** What a clock may be off the exact product by, since it shows whole microseconds. */
const ROUNDING_MS = 0.005;

const DRIFT: Direction = ["fast", "slow", "either"];

const faultSchema = z.strictObject({
  kind: z.literal("clock-drift"),
  ...faultWindow,
  machine: machineName,
  /** How much faster than right the clock runs, in millionths; negative when it is slow. */
  ppm: z.number().min(-PPM_MAX).max(PPM_MAX),
});

type ClockDrift = z.infer<typeof faultSchema>;

interface ClockDriftSpec {
  readonly ppm: Range;
  readonly direction: string;
}

export const clockDrift = {
  kind: "clock-drift",
  summary:
    "A machine's clock runs too fast or too slow, its timers with it, until at the end its wall clock is set right: " +
    "a bad or a hot quartz, lost ticks of a busy host, a time service that is down.",
  specShape: {
    ...amongShape,
    ppm: countRange
      .prefault("100..10000")
      .describe(
        "By how many millionths the rate is wrong: 10000 is a hundredth. Less when the fault lasts so long that " +
          "the clock would leave budget.clockSkew.",
      ),
    direction: z.enum(DRIFT).prefault("either").describe("Which way the rate is wrong."),
  },
  faultSchema,
  checkSpec({ ppm }, setting) {
    if (ppm.min === 0) return [{ field: "ppm", message: "expected at least 1" }];
    if (ppm.max > PPM_MAX) return [{ field: "ppm", message: `expected at most ${PPM_MAX}` }];
    if (setting.clockDriftPpm === 0) {
      const message =
        "clock-drift makes monotonic clocks wrong, by which values expire here (cluster.ttlMode: relative), but " +
        "budget.clockDrift is 0: say there by how many millionths, or leave the fault out";
      return [{ field: "kind", message }];
    }
    return checkSkewBudget("clock-drift", setting);
  },
  draw(spec, occasion) {
    const { draw, targets, startMs, endMs, clockSkewMs, clockDriftPpm = PPM_MAX } = occasion;
    const mostInBand = (Math.max(0, clockSkewMs - ROUNDING_MS) * 1_000_000) / Math.max(1, endMs - startMs);
    const { min, max } = upTo(Math.min(mostInBand, clockDriftPpm), spec.ppm);
    return {
      kind: "clock-drift",
      startMs,
      endMs,
      machine: draw.pick("machine", targets),
      ppm: drawSigned(Math.floor(draw.between("ppm", min, max) * 10) / 10, spec.direction, DRIFT, occasion),
    };
  },
  ...clockEffect<ClockDrift>(({ machine, ppm }) => ({ machine, ppm, staysWrong: false })),
} satisfies FaultKind<ClockDriftSpec, ClockDrift>;
