import { z } from "zod";
import { clog } from "./clog.ts";
import { congestion } from "./congestion.ts";
import { crash } from "./crash.ts";
import { crashPoint } from "./crash-point.ts";
import type { FaultKind, FaultWindow } from "./fault-kind.ts";
import { corrupt, duplicate, loss, reorder } from "./lossy-link.ts";
import { partition } from "./partition.ts";
import { slow } from "./slow.ts";
import { slowLink } from "./slow-link.ts";
import { swizzleClog } from "./swizzle-clog.ts";

/** Every kind of fault. Adding one means writing its file and naming it in the two lists here. */
export const faultSchema = z.discriminatedUnion("kind", [
  partition.faultSchema,
  crash.faultSchema,
  crashPoint.faultSchema,
  slow.faultSchema,
  slowLink.faultSchema,
  loss.faultSchema,
  duplicate.faultSchema,
  reorder.faultSchema,
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
  slow,
  slowLink,
  loss,
  duplicate,
  reorder,
  corrupt,
  congestion,
  clog,
  swizzleClog,
] as never;

export function faultKind(kind: string): AnyFaultKind | undefined {
  return faultKinds.find((candidate) => candidate.kind === kind);
}
