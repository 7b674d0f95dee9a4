import { z } from "zod";
import { bitRot } from "./bit-rot.ts";
import { clockDrift } from "./clock-drift.ts";
import { clockJump, clockOffset } from "./clock-step.ts";
import { clog } from "./clog.ts";
import { congestion } from "./congestion.ts";
import { crashAt } from "./crash-at.ts";
import { crashLoop } from "./crash-loop.ts";
import { crashPoint } from "./crash-point.ts";
import { crash } from "./crash.ts";
import type { FaultKind, FaultWindow, FaultyCluster, Outage } from "./fault-kind.ts";
import { fullDisk } from "./full-disk.ts";
import { killProcess } from "./kill-process.ts";
import { corrupt, duplicate, loss, reorder } from "./lossy-link.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { powerLoss } from "./power-loss.ts";
import { rollingRestart } from "./rolling-restart.ts";
import { slowCpu } from "./slow-cpu.ts";
import { slowDisk } from "./slow-disk.ts";
import { slowLink } from "./slow-link.ts";
import { slow } from "./slow.ts";
import { swizzleClog } from "./swizzle-clog.ts";
import { syncFailure } from "./sync-failure.ts";
import { tornWrite } from "./torn-write.ts";

/** Every kind of fault. Adding one means writing its file and naming it in the two lists here. */
export const faultSchema = z.discriminatedUnion("kind", [
  partition.faultSchema,
  crash.faultSchema,
  crashPoint.faultSchema,
  crashAt.faultSchema,
  crashLoop.faultSchema,
  rollingRestart.faultSchema,
  pause.faultSchema,
  slowCpu.faultSchema,
  killProcess.faultSchema,
  slow.faultSchema,
  slowLink.faultSchema,
  loss.faultSchema,
  duplicate.faultSchema,
  reorder.faultSchema,
  clockOffset.faultSchema,
  clockDrift.faultSchema,
  clockJump.faultSchema,
  powerLoss.faultSchema,
  tornWrite.faultSchema,
  bitRot.faultSchema,
  fullDisk.faultSchema,
  slowDisk.faultSchema,
  syncFailure.faultSchema,
  corrupt.faultSchema,
  congestion.faultSchema,
  clog.faultSchema,
  swizzleClog.faultSchema,
]);

export type Fault = z.infer<typeof faultSchema>;

/** A kind whose own types are known only to its own file. */
export type AnyFaultKind = FaultKind<unknown, FaultWindow>;

export const faultKinds: readonly AnyFaultKind[] = [
  partition,
  crash,
  crashPoint,
  crashAt,
  crashLoop,
  rollingRestart,
  pause,
  slowCpu,
  killProcess,
  slow,
  slowLink,
  loss,
  duplicate,
  reorder,
  clockOffset,
  clockDrift,
  clockJump,
  powerLoss,
  tornWrite,
  bitRot,
  fullDisk,
  slowDisk,
  syncFailure,
  corrupt,
  congestion,
  clog,
  swizzleClog,
] as never;

export function faultKind(kind: string): AnyFaultKind | undefined {
  return faultKinds.find((candidate) => candidate.kind === kind);
}

/** When a fault has machines down. */
export function outagesOf(kind: AnyFaultKind, fault: FaultWindow, cluster: FaultyCluster): readonly Outage[] {
  const { startMs, endMs } = fault;
  return (
    kind.outages?.(fault, cluster) ??
    kind.forgets(fault, cluster).map((machine) => ({ machine, startMs, endMs }))
  );
}
