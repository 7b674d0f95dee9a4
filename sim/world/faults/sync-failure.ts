import { z } from "zod";
import { amongShape } from "./fault-places.ts";
import { shareRange } from "../quantity.ts";
import type { Range } from "../quantity-text.ts";
import { faultWindow, machineName, type FaultKind } from "./fault-kind.ts";

const faultSchema = z.strictObject({
  kind: z.literal("sync-failure"),
  ...faultWindow,
  machine: machineName,
  /** Probability that a sync, or the replacement of the file, fails. */
  share: z.number().min(0).max(1),
});

type SyncFailure = z.infer<typeof faultSchema>;

interface SyncFailureSpec {
  readonly share: Range;
}

export const syncFailure = {
  kind: "sync-failure",
  summary:
    "Syncs of a machine's disk fail with some probability, and what they should have written is lost even if a later " +
    "one succeeds: a loose cable, a network volume that is detached, a thin pool that has run dry.",
  specShape: { ...amongShape, share: shareRange.prefault("100%").describe("Probability that a sync fails.") },
  faultSchema,
  machinesMin: 1,
  impairsNetwork: true,
  draw: (spec, { targets, draw, startMs, endMs }) => ({
    kind: "sync-failure",
    startMs,
    endMs,
    machine: draw.pick("machine", targets),
    share: Math.round(draw.between("share", spec.share.min, spec.share.max) * 1000) / 1000,
  }),
  machines: (fault) => [fault.machine],
  forgets: () => [],
  needsJournal: () => true,
  start: (world, fault) => world.disk(fault.machine).impose(fault, { failure: fault.share }),
  stop: (world, fault) => world.disk(fault.machine).lift(fault),
} satisfies FaultKind<SyncFailureSpec, SyncFailure>;
