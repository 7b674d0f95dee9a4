import { z } from "zod";
import type { Draw } from "../../kernel/draw.ts";
import type { ClockError } from "../hardware-clock.ts";
import type { Range } from "../quantity-text.ts";
import type { Places } from "../places.ts";
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

/** What a scenario has for all of its faults. */
export interface Setting {
  readonly machines: readonly string[];
  readonly places: Places;
  /** How long a restarted machine needs to know everything again. */
  readonly catchUpMs: number;
  /** How far clocks may be apart. */
  readonly clockSkewMs: number;
  /** How wrong the rates of clocks may be, where that is promised. */
  readonly clockDriftPpm?: number | undefined;
}

/** What is known when one occurrence of a fault is drawn. */
export interface Occasion extends FaultWindow, Setting {
  /** The machines that it may happen to, for a kind that happens to one: never none. */
  readonly targets: readonly string[];
  /** Names of the crash points in the system's code. */
  readonly crashpoints: readonly string[];
  readonly draw: Draw;
}

/** What a scenario says of every kind of fault, in milliseconds. */
export interface CommonSpec {
  readonly lasts: Range;
}

/** A stretch in which a machine is, or may be, down. */
export interface Outage extends FaultWindow {
  readonly machine: string;
}

/** Something that happens between the start and the end of a fault. */
export interface FaultStep {
  readonly atMs: number;
  /** In words that follow the name of the kind. */
  readonly what: string;
  readonly run: (world: World) => void;
}

/** What a fault does to a machine's clock. */
export interface ClockFault extends ClockError {
  readonly machine: string;
  /** True when the wall keeps its error after the fault. */
  readonly staysWrong: boolean;
}

/** What is wrong with one field, to be shown with its line. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
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
  /** How much of its window it lasts unless a scenario says so, as shares; from 0.05 to 0.3 by default. */
  readonly usualShare?: Range;
  /** What is wrong with what a scenario says, beyond what its schema can say. */
  checkSpec?(spec: Spec & CommonSpec, setting: Setting): readonly FieldProblem[];
  /** The same for a plan. */
  checkFault?(fault: Fault): readonly FieldProblem[];
  /** Fewest machines for which the fault makes sense. */
  readonly machinesMin: number;
  draw(spec: Spec, occasion: Occasion): Fault;
  /** Machines named by the fault, so that a plan with an unknown one is refused. */
  machines(fault: Fault): readonly string[];
  /** Machines that lose what they stored, for good: what the fault budget counts. */
  forgets(fault: Fault, cluster: FaultyCluster): readonly string[];
  /** When it keeps machines down, which no other may do meanwhile. Those that it makes forget, throughout, by default. */
  outages?(fault: Fault, cluster: FaultyCluster): readonly Outage[];
  /** Whether it makes sense only for machines that keep a journal, as its fields are. Never, by default. */
  needsJournal?(fields: Spec | Fault): boolean;
  /** What it does to a clock, if its kind is about clocks. */
  clockFault?(fault: Fault): ClockFault;
  /** Whether links or disks are cut off or impaired, so that a machine may be unable to catch up meanwhile. */
  readonly impairsNetwork: boolean;
  /** What happens in between, in the order of time; bounded in number. */
  steps?(fault: Fault): readonly FaultStep[];
  start(world: World, fault: Fault): void;
  stop(world: World, fault: Fault): void;
}
