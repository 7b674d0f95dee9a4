import { z } from "zod";
import { crash } from "./crash.ts";
import { crashPoint } from "./crash-point.ts";
import type { FaultKind, FaultWindow } from "./fault-kind.ts";
import { duplicate, loss, reorder } from "./lossy-link.ts";
import { partition } from "./partition.ts";
import { slow } from "./slow.ts";
import { slowLink } from "./slow-link.ts";

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
] as never;

export function faultKind(kind: string): AnyFaultKind | undefined {
  return faultKinds.find((candidate) => candidate.kind === kind);
}
