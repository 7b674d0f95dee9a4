import { z } from "zod";
import type { FaultyCluster } from "./fault-kind.ts";

/** What kinds of crashes have in common that may leave a machine its disk. */

export const keptOrLost = z
  .enum(["kept", "lost"])
  .default("lost")
  .describe(
    "Whether the machine still has its disk when it restarts. What it had not synced is lost in part, or all of it.",
  );

/** In a plan. Without it, or false: what was on the disk is gone as well. */
export const keepsDiskField = { keepsDisk: z.boolean().optional() };

export interface DiskSpec {
  readonly disk: "kept" | "lost";
}

interface Crash {
  readonly keepsDisk?: boolean | undefined;
}

/** As a plan says it: only what is not usual. */
export function keepsDiskOf({ disk }: DiskSpec): { keepsDisk?: true } {
  return disk === "kept" ? { keepsDisk: true } : {};
}

/** Whether whoever crashes loses what it stored. */
export function isForgetting({ keepsDisk }: Crash, { durability }: FaultyCluster): boolean {
  return keepsDisk !== true || durability === "memory";
}

/** @param fields what a scenario says of the crash, or a plan */
export function wantsDisk(fields: DiskSpec | Crash): boolean {
  return "disk" in fields ? fields.disk === "kept" : fields.keepsDisk === true;
}
