import type { Draw } from "../kernel/draw.ts";
import type { Model } from "../check/models/model.ts";
import type { Data } from "../run/history.ts";
import type { OwnInvariant } from "../run/invariant-file.ts";
import type { SystemHooks } from "../run/system.ts";
import type { MachineEnv } from "../world/machine.ts";

/**
 * A system of the user's own, in place of the cache: one module, which exports it as `system`. It is loaded before a
 * run and by every worker, and everything that can be done with the cache can be done with it.
 */
export interface OwnSystem {
  /** One line for `cache-sim list`. */
  readonly summary: string;
  /** What clients can ask for, by name. */
  readonly operations: Readonly<Record<string, OwnOperation>>;
  /** False when all operations are about one thing; by default each has one of the scenario's keys. */
  readonly isKeyed?: boolean;
  /**
   * The operation, without an input, that every key is asked through every machine when all must have recovered. None
   * without it.
   */
  readonly audit?: string;
  /**
   * How one key behaves when one operation follows the other: the name of a model that comes with the harness, or one
   * made with `defineModel`. Without it nothing is said about answers but by `invariants`.
   */
  readonly model?: string | Model;
  /** What each key is in the beginning; the model's own without it. */
  readonly initial?: Data;
  /** Further promises, by name. */
  readonly invariants?: Readonly<Record<string, OwnInvariant>>;
  /** The same system built in several ways, by name, as for a defect to find; one way without it. */
  readonly variants?: Readonly<Record<string, OwnVariant>>;
  /** Points in its code at which the harness takes part, by name, with a sentence each. */
  readonly hooks?: Partial<SystemHooks>;
  /** A frame as a person wants to read it; by default what its JSON says, or its first bytes. */
  readonly describeFrame?: (frame: Uint8Array) => unknown;
  /** Starts one life of a machine. What it keeps in variables is lost in a crash; its disk is not. */
  start(machine: MachineEnv, setup: OwnSetup): OwnNode;
}

export interface OwnOperation {
  /** How often clients choose it, in proportion to the others; 1 without it, 0 for never. */
  readonly weight?: number;
  /**
   * What it is called with: JSON data, drawn from `draw` alone, each draw with a label of its own; null without it.
   *
   * @param operation the operation's own name, as `c1#7`: unique in the run
   */
  readonly input?: (draw: Draw, operation: string) => Data;
}

export interface OwnVariant {
  /** One line for `cache-sim list`. */
  readonly summary: string;
  /** The invariants that it must never break; all without it. What is left out is measured. */
  readonly promises?: readonly string[];
}

/** What a machine is told of the cluster. */
export interface OwnSetup {
  /** All machines, this one among them, always in the same order. */
  readonly machines: readonly string[];
  /** How many machines the scenario wants each key on. */
  readonly replication: number;
  /** By when an operation must be answered, milliseconds from its call. */
  readonly deadlineMs: number;
  /** Wall clocks of machines are at most so far apart, milliseconds. */
  readonly clockSkewMs: number;
  /** The name of the variant; empty where there is only one way. */
  readonly variant: string;
}

/** One life of one machine. */
export interface OwnNode {
  /** Answers one operation of a client; an error that it throws is a violation. */
  perform(call: OwnCall): Promise<OwnAnswer>;
  /** Its state at the moment, as JSON data, for the page of a run; must change nothing. */
  snapshot?(): unknown;
}

export interface OwnCall {
  readonly f: string;
  readonly key: string;
  readonly input: Data;
  readonly deadlineMs: number;
}

/**
 * - `ok`: it happened, with this output (null without it).
 * - `fail`: it certainly did not happen, and never will.
 * - `indeterminate`: it may have happened, or may yet.
 */
export type OwnAnswer =
  | { readonly result: "ok"; readonly output?: Data }
  | { readonly result: "fail" | "indeterminate"; readonly error: string };

/** A system file that cannot be used, or that fails at work. The message is one line that begins with the file. */
export class SystemFileError extends Error {
  override readonly name = "SystemFileError";
}
