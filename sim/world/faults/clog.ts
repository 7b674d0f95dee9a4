import { z } from "zod";
import type { LinkCondition } from "../link-conditions.ts";
import { machineName } from "./fault-kind.ts";
import { faultWindow, type FaultKind } from "./fault-kind.ts";
import {
  amongShape,
  type AmongSpec,
  checkLinks,
  linksFields,
  linksOf,
  linksShape,
  type LinksSpec,
  matchesLinks,
} from "./fault-places.ts";

const faultSchema = z.strictObject({
  kind: z.literal("clog"),
  ...faultWindow,
  /** All links of this machine, in both directions; without it, those from `from` to `to`. */
  machine: machineName.optional(),
  ...linksFields,
});

type Clog = z.infer<typeof faultSchema>;

interface ClogSpec extends AmongSpec, LinksSpec {}

/** Every link of a machine, in both directions. */
export function clogOf(machine: string): LinkCondition {
  return { matches: (from, to) => from === machine || to === machine, isClogged: true };
}

export const clog = {
  kind: "clog",
  summary:
    "Messages are held and then all arrive together, in their order: a switch that stands still while it learns its " +
    "routes anew, a virtual machine that is moved, a proxy that stops reading.",
  specShape: { ...amongShape, ...linksShape },
  faultSchema,
  machinesMin: 2,
  impairsNetwork: true,
  checkSpec(spec, { places }) {
    if (!hasLinks(spec)) return [];
    if (spec.among !== undefined) {
      return [
        { field: "among", message: "leave it out: `from` and `to` say already which links are clogged" },
      ];
    }
    return checkLinks(spec, places);
  },
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "clog",
    startMs,
    endMs,
    ...(hasLinks(spec) ? linksOf(spec) : { machine: draw.pick("machine", targets) }),
  }),
  machines: (fault) => (fault.machine === undefined ? [] : [fault.machine]),
  forgets: () => [],
  checkFault(fault) {
    if ((fault.machine === undefined) === hasLinks(fault)) return [];
    return fault.machine === undefined
      ? [{ field: "machine", message: "missing: expected a machine, or the links `from` and `to`" }]
      : [{ field: "machine", message: "leave it out: `from` and `to` say already which links are clogged" }];
  },
  start(world, fault) {
    const { machine } = fault;
    const condition =
      machine === undefined
        ? { matches: matchesLinks(world.places, fault), isClogged: true }
        : clogOf(machine);
    world.network.impose(fault, condition);
  },
  stop: (world, fault) => world.network.lift(fault),
} satisfies FaultKind<ClogSpec, Clog>;

function hasLinks({ from, to }: LinksSpec): boolean {
  return from !== undefined || to !== undefined;
}
