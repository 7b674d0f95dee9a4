import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { durationRange } from "../quantity.ts";
import { durationText, type Range, wholeMicros } from "../quantity-text.ts";
import { checkSkewBudget, clockEffect, type Direction, drawSigned, upTo } from "./clock-fault.ts";
import { faultWindow, type FieldProblem, machineName, type FaultKind, type Setting } from "./fault-kind.ts";

/**
 * Two faults by which a wall clock is wrong by a constant: it has been wrong all along, or it is set while programs
 * run. The monotonic track notices nothing.
 */

interface StepSpec {
  readonly by?: Range | undefined;
  readonly direction: string;
}

interface JumpSpec extends StepSpec {
  readonly corrected: boolean;
}

const signedMs = z.number().min(-2_592_000_000).max(2_592_000_000);
const by = durationRange
  .optional()
  .describe("By how much the wall clock is wrong. Default: from a tenth of budget.clockSkew to all of it.");

function checkStep(kind: string, spec: StepSpec, setting: Setting): readonly FieldProblem[] {
  const { clockSkewMs } = setting;
  if (spec.by === undefined || clockSkewMs === 0 || spec.by.min <= clockSkewMs) {
    return checkSkewBudget(kind, setting);
  }
  const message =
    `expected at most budget.clockSkew (${durationText(clockSkewMs)}) at the lower end, ` +
    `got ${durationText(spec.by.min)}`;
  return [{ field: "by", message }];
}

function sizeOf({ by: range }: StepSpec, { clockSkewMs }: Setting): Range {
  return upTo(clockSkewMs, range ?? { min: clockSkewMs / 10, max: clockSkewMs });
}

const OFFSET: Direction = ["ahead", "behind", "either"];

const offsetSchema = z.strictObject({
  kind: z.literal("clock-offset"),
  ...faultWindow,
  machine: machineName,
  /** How far the wall clock is ahead; negative when it is behind. */
  offsetMs: signedMs,
});

type ClockOffset = z.infer<typeof offsetSchema>;

export const clockOffset = {
  kind: "clock-offset",
  summary:
    "A machine's wall clock is ahead or behind by a constant, unless told otherwise from the start of the run to the " +
    "end of the faults: it was set by hand, or its time server is wrong.",
  specShape: {
    ...amongShape,
    by,
    direction: z.enum(OFFSET).prefault("either").describe("Which way the clock is wrong."),
  },
  faultSchema: offsetSchema,
  usualShare: { min: 1, max: 1 },
  checkSpec: (spec, setting) => checkStep("clock-offset", spec, setting),
  draw(spec, occasion) {
    const { draw, targets, startMs, endMs } = occasion;
    const { min, max } = sizeOf(spec, occasion);
    return {
      kind: "clock-offset",
      startMs,
      endMs,
      machine: draw.pick("machine", targets),
      offsetMs: drawSigned(wholeMicros(draw.between("by", min, max)), spec.direction, OFFSET, occasion),
    };
  },
  ...clockEffect<ClockOffset>(({ machine, offsetMs }) => ({
    machine,
    aheadUs: Math.round(offsetMs * 1000),
    staysWrong: false,
  })),
} satisfies FaultKind<StepSpec, ClockOffset>;

const JUMP: Direction = ["forward", "backward", "either"];

const jumpSchema = z.strictObject({
  kind: z.literal("clock-jump"),
  ...faultWindow,
  machine: machineName,
  /** How far the wall clock jumps at the start; backwards when negative. */
  jumpMs: signedMs,
  /** Whether it steps back at the end. Otherwise it stays as it is for good. */
  isCorrected: z.boolean(),
});

type ClockJump = z.infer<typeof jumpSchema>;

export const clockJump = {
  kind: "clock-jump",
  summary:
    "A machine's wall clock is set while programs run, forwards or backwards, and at the end set right again: NTP " +
    "steps it, an administrator mistypes the time, a virtual machine is resumed.",
  specShape: {
    ...amongShape,
    by,
    direction: z.enum(JUMP).prefault("either").describe("Which way the clock jumps."),
    corrected: z
      .boolean()
      .default(true)
      .describe("Whether it jumps back at the end; otherwise it stays wrong for the rest of the run."),
  },
  faultSchema: jumpSchema,
  checkSpec: (spec, setting) => checkStep("clock-jump", spec, setting),
  draw(spec, occasion) {
    const { draw, targets, startMs, endMs } = occasion;
    const { min, max } = sizeOf(spec, occasion);
    return {
      kind: "clock-jump",
      startMs,
      endMs,
      machine: draw.pick("machine", targets),
      jumpMs: drawSigned(wholeMicros(draw.between("by", min, max)), spec.direction, JUMP, occasion),
      isCorrected: spec.corrected,
    };
  },
  ...clockEffect<ClockJump>(({ machine, jumpMs, isCorrected }) => ({
    machine,
    aheadUs: Math.round(jumpMs * 1000),
    staysWrong: !isCorrected,
  })),
} satisfies FaultKind<JumpSpec, ClockJump>;
