import { z } from "zod";
import type { Draw } from "../../kernel/draw.ts";
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

export interface FaultProblem {
  readonly field: string;
  /** Begins with what was expected. */
  readonly message: string;
}

/** Something that happens between the start and the end of a fault. */
export interface FaultStep {
  readonly atMs: number;
  /** In words that follow the name of the kind. */
  readonly what: string;
  readonly run: (world: World) => void;
}

/** What a scenario has for all of its faults. */
export interface Setting {
  readonly machines: readonly string[];
  readonly places: Places;
}

/** What is known when one occurrence of a fault is drawn. */
export interface Occasion extends FaultWindow, Setting {
  /** The machines that it may happen to, for a kind that happens to one: never none. */
  readonly targets: readonly string[];
  /** Names of the crash points in the system's code. */
  readonly crashpoints: readonly string[];
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
  /** Machines whose memory the fault destroys: what the fault budget counts. */
  forgets(fault: Fault): readonly string[];
  /** Whether links are cut or impaired, so that a machine may be unable to catch up meanwhile. */
  readonly impairsNetwork: boolean;
  /** What is wrong with what a scenario says although each of its fields is right by itself. */
  checkSpec?(spec: Spec, setting: Setting): readonly FaultProblem[];
  /** What is wrong with a fault of a plan although each of its fields is right by itself. */
  problems?(fault: Fault): readonly FaultProblem[];
  /** When it is at work, in order and apart from each other, for a fault that comes and goes. Default: throughout. */
  windows?(fault: Fault): readonly FaultWindow[];
  /** What else happens between its start and its end, in the order of time; bounded in number. */
  steps?(fault: Fault): readonly FaultStep[];
  start(world: World, fault: Fault): void;
  stop(world: World, fault: Fault): void;
}
