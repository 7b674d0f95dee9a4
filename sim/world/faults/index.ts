import { z } from "zod";
import { bitRot } from "./bit-rot.ts";
import { crash } from "./crash.ts";
import type { FaultKind, FaultWindow, FaultyCluster } from "./fault-kind.ts";
import { fullDisk } from "./full-disk.ts";
import { duplicate, loss, reorder } from "./lossy-link.ts";
import { partition } from "./partition.ts";
import { powerLoss } from "./power-loss.ts";
import { slow } from "./slow.ts";
import { slowDisk } from "./slow-disk.ts";
import { syncFailure } from "./sync-failure.ts";
import { tornWrite } from "./torn-write.ts";

/** Every kind of fault. Adding one means writing its file and naming it in the two lists here. */
export const faultSchema = z.discriminatedUnion("kind", [
  partition.faultSchema,
  crash.faultSchema,
  slow.faultSchema,
  loss.faultSchema,
  duplicate.faultSchema,
  reorder.faultSchema,
  powerLoss.faultSchema,
  tornWrite.faultSchema,
  bitRot.faultSchema,
  fullDisk.faultSchema,
  slowDisk.faultSchema,
  syncFailure.faultSchema,
]);

export type Fault = z.infer<typeof faultSchema>;

/** A kind whose own types are known only to its own file. */
export type AnyFaultKind = FaultKind<unknown, FaultWindow>;

export const faultKinds: readonly AnyFaultKind[] = [
  partition,
  crash,
  slow,
  loss,
  duplicate,
  reorder,
  powerLoss,
  tornWrite,
  bitRot,
  fullDisk,
  slowDisk,
  syncFailure,
] as never;

export function faultKind(kind: string): AnyFaultKind | undefined {
  return faultKinds.find((candidate) => candidate.kind === kind);
}

/** The machines that a fault keeps down. */
export function stopsOf(
  fault: FaultWindow & { readonly kind: string },
  cluster: FaultyCluster,
): readonly string[] {
  const kind = faultKind(fault.kind);
  return kind?.stops?.(fault, cluster) ?? kind?.forgets(fault, cluster) ?? [];
}
