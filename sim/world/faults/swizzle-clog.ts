import { z } from "zod";
import { countRange } from "../quantity.ts";
import { type Range, wholeMicros } from "../quantity-text.ts";
import { clogOf } from "./clog.ts";
import { faultWindow, type FaultKind, type FaultStep, type FieldProblem, machineName } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("swizzle-clog"),
  ...faultWindow,
  /** When all links of which machine are clogged, within the whole. */
  clogs: z
    .array(z.strictObject({ machine: machineName, ...faultWindow }))
    .min(1)
    .max(1000),
});

type SwizzleClog = z.infer<typeof faultSchema>;

interface SwizzleClogSpec {
  readonly size?: Range | undefined;
}

const SIZE_MIN_USUAL = 2;

export const swizzleClog = {
  kind: "swizzle-clog",
  summary:
    "The links of some machines are clogged one machine after the other, and opened again in another order, so that " +
    "what each knows of the others is of another moment: a rolling change of the network. (FoundationDB's.)",
  specShape: {
    size: countRange.optional().describe("How many machines. Default: from two to all."),
  },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  checkSpec({ size }, { places }) {
    const machineCount = places.machines.length;
    if (size === undefined || (size.min >= 1 && size.max <= machineCount)) return [];
    return [{ field: "size", message: `expected from 1 to ${machineCount} machines` }];
  },
  /** The first half of the time is for clogging, the second for opening, each at even intervals. */
  draw(spec, { machines, draw, startMs, endMs }) {
    const { min, max } = spec.size ?? { min: SIZE_MIN_USUAL, max: machines.length };
    const chosen = draw.shuffle("clog", machines).slice(0, draw.int("size", min, max));
    const opened = draw.shuffle("open", chosen);
    const stepMs = (endMs - startMs) / 2 / chosen.length;
    return {
      kind: "swizzle-clog",
      startMs,
      endMs,
      clogs: chosen.map((machine, index) => ({
        machine,
        startMs: wholeMicros(startMs + index * stepMs),
        endMs: wholeMicros(endMs - opened.indexOf(machine) * stepMs),
      })),
    };
  },
  machines: ({ clogs }) => clogs.map(({ machine }) => machine),
  forgets: () => [],
  checkFault({ startMs, endMs, clogs }) {
    return clogs.flatMap((each): FieldProblem[] =>
      startMs <= each.startMs && each.startMs <= each.endMs && each.endMs <= endMs
        ? []
        : [
            {
              field: "clogs",
              message: `expected each within ${startMs} to ${endMs}, got ${each.startMs} to ${each.endMs}`,
            },
          ],
    );
  },
  steps: ({ startMs, endMs, clogs }) =>
    clogs
      .flatMap((each): FaultStep[] => {
        const { machine } = each;
        if (each.startMs === each.endMs) return [];
        return [
          {
            atMs: each.startMs,
            what: `clogs ${machine}`,
            run: ({ network }) => network.impose(each, clogOf(machine)),
          },
          { atMs: each.endMs, what: `opens ${machine}`, run: ({ network }) => network.lift(each) },
        ];
      })
      .filter(({ atMs }) => atMs > startMs && atMs < endMs)
      .sort((a, b) => a.atMs - b.atMs),
  start(world, { startMs, clogs }) {
    for (const each of clogs) {
      if (each.startMs <= startMs && each.endMs > startMs) world.network.impose(each, clogOf(each.machine));
    }
  },
  stop(world, { clogs }) {
    for (const each of clogs) world.network.lift(each);
  },
} satisfies FaultKind<SwizzleClogSpec, SwizzleClog>;
