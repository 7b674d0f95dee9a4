import { z } from "zod";
import type { Draw } from "../../kernel/draw.ts";
import type { World } from "../world.ts";

/** Fields that every fault of a plan has: from when to when it lasts, in milliseconds of virtual time. */
export const faultWindow = {
  startMs: z.number().min(0).max(2_592_000_000),
  endMs: z.number().min(0).max(2_592_000_000),
};

export const machineName = z.string().min(1).max(64);

export interface FaultWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** What of the cluster decides what a fault destroys. */
export interface FaultyCluster {
  readonly machines: readonly string[];
  /** With a journal, what a machine confirmed is on its disk. */
  readonly durability: "memory" | "journal";
}

/** What is known when one occurrence of a fault is drawn. */
export interface Occasion extends FaultWindow {
  readonly machines: readonly string[];
  readonly draw: Draw;
}

/**
 * One kind of fault, whole: what a scenario may say of it, what a plan says of it, how the one becomes the
 * other, and what it does to the world.
 *
 * @typeParam Spec what a scenario says (ranges), without the fields common to all kinds
 * @typeParam Fault what a plan says (exact)
 */
export interface FaultKind<Spec, Fault extends FaultWindow> {
  readonly kind: string;
  /** One sentence: what happens, and the real-life event that it stands for. */
  readonly summary: string;
  /** The kind's own fields in a scenario; `kind`, `count`, `lasts` and `between` are common to all. */
  readonly specShape: z.ZodRawShape;
  readonly faultSchema: z.ZodObject;
  /** Fewest machines for which the fault makes sense. */
  readonly machinesMin: number;
  draw(spec: Spec, occasion: Occasion): Fault;
  /** Machines named by the fault, so that a plan with an unknown one is refused. */
  machines(fault: Fault): readonly string[];
  /** Machines that lose what they stored, for good: what the fault budget counts. */
  forgets(fault: Fault, cluster: FaultyCluster): readonly string[];
  /** Machines that the fault keeps down, which none other may do meanwhile. Those that it makes forget, by default. */
  stops?(fault: Fault, cluster: FaultyCluster): readonly string[];
  /** Whether it makes sense only for machines that keep a journal, as its fields are. Never, by default. */
  needsJournal?(fields: Spec | Fault): boolean;
  /** Whether links or disks are cut off or impaired, so that a machine may be unable to catch up meanwhile. */
  readonly impairsNetwork: boolean;
  start(world: World, fault: Fault): void;
  stop(world: World, fault: Fault): void;
}
