import { z } from "zod";
import type { FaultyCluster } from "./fault-kind.ts";

/** What kinds of crashes have in common that may leave a machine its disk. */

export const keptOrLost = z
  .enum(["kept", "lost"])
  .default("lost")
  .describe(
    "Whether the machine still has its disk when it restarts. What it had not synced is lost in part, or all of it.",
  );

interface Crash {
  readonly machine: string;
  readonly keepsDisk?: boolean | undefined;
}

export function forgetsUnlessKept({ machine, keepsDisk }: Crash, { durability }: FaultyCluster): string[] {
  return keepsDisk === true && durability === "journal" ? [] : [machine];
}

/** @param fields what a scenario says of the crash, or a plan */
export function wantsDisk(fields: { readonly disk: "kept" | "lost" } | Crash): boolean {
  return "disk" in fields ? fields.disk === "kept" : fields.keepsDisk === true;
}
