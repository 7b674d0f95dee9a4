import type { MachineEnv } from "../world/machine.ts";
import type { Gauge, Tally } from "./accounts.ts";
import type { Draw } from "../kernel/draw.ts";
import type { Data, Effect, OperationKind, ResultKind } from "./history.ts";
import type { Invariant, ReplicaEntry } from "./invariant.ts";
import type { MembersChange } from "./members.ts";
import type { Plan } from "./plan.ts";

/** A client's request, as the plan states it. */
export interface OperationRequest {
  readonly kind: OperationKind;
  readonly key: string;
  readonly value: string | null;
  readonly ttlMs: number | null;
  /** How long the system may take before it must answer something. */
  readonly deadlineMs: number;
  /**
   * compareAndSet: the version to replace, as an answer has told this client; null when it knows none: then look the key
   * up, and tell.
   */
  readonly expected?: string | null;
  /** getOrLoad: loads the value, when the system asks for it; at most once. */
  readonly loader?: Loader;
  /** call: what is called, with what. */
  readonly f?: string;
  readonly input?: Data;
}

/** What a client's loader does: takes its time, on the machine's own clock, and gives the value. */
export interface Loader {
  readonly lastsMs: number;
  /** To be told when it begins and when it ends, so that the run's record has the interval. */
  readonly began: () => void;
  readonly ended: () => void;
}

export interface OperationAnswer {
  readonly result: ResultKind;
  /** get: the value read, null for a miss; of an operation with the effect `found`, what it found; otherwise null. */
  readonly value: string | null;
  readonly error: string | null;
  /** What it has done, of the kinds that may do one thing or another; only with `ok`. */
  readonly effect?: Effect;
  /** The version of the value that the key has now, where the answer says it: for a later compareAndSet. */
  readonly version?: string | null;
  /** call: what was returned; null without it. */
  readonly output?: Data;
}

/** An operation of a system that is no cache, as plans draw it. */
export interface WorkloadOperation {
  readonly f: string;
  /** How often it is chosen, in proportion to the others; 0 for never. */
  readonly weight: number;
  /** What it is called with, drawn at a place of its own; null without it. */
  readonly input?: ((draw: Draw, operation: string) => Data) | undefined;
}

/** What the clients of a system do that is no cache. */
export interface SystemWorkload {
  readonly operations: readonly WorkloadOperation[];
  /** False when all operations are about one thing: then all have the first key of the scenario. */
  readonly isKeyed: boolean;
  /** What every key is asked through every machine in the audit phase, without an input; null for nothing. */
  readonly audit: string | null;
}

/**
 * The state of one machine at one moment, kept until somebody wants to see it. It must not change with the machine:
 * keep a reference to an immutable value, or a copy.
 */
export interface Snapshot {
  /** The state as plain JSON data, its keys in a fixed order. Pure, and called only after the run. */
  describe(): unknown;
}

/** One life of one machine: what the system under test runs there. */
export interface SystemNode {
  /** Never rejects: an unexpected error is an answer too (`indeterminate`, with its text). */
  perform(request: OperationRequest): Promise<OperationAnswer>;
  /**
   * Changes who belongs to the cluster, and resolves when that is complete: with null, or with what went wrong. May be
   * asked again for what is under way, or done already. Needed for plans with changes only.
   */
  administer?(change: MembersChange): Promise<string | null>;
  /** What this machine stores at the moment, for the convergence checks. */
  replicas(): readonly ReplicaEntry[];
  /**
   * The state at this moment; null while there is none. Asked after every event of a run whose states are recorded,
   * so it must be cheap, change nothing, and give the same object as long as the state is the same.
   */
  snapshot?(): Snapshot | null;
  /** What this life has counted so far. Asked when it ends, in a crash or with the run; must change nothing. */
  tallies?(): readonly Tally[];
  /** How full everything is that has a bound. Asked often, also amid an event, so it must be cheap and change nothing. */
  gauges?(): readonly Gauge[];
  /** The names of the background processes that can be made to fail, each once. */
  processes?(): readonly string[];
  /** Makes one of them fail, as an error of its own would. What becomes of it is the system's business. */
  kill?(process: string): void;
}

/** A whole number that may be set for a policy. */
export interface PolicyParameter {
  readonly name: string;
  /** One line, for lists and errors. */
  readonly summary: string;
  readonly min: number;
  readonly maxFor: (replication: number) => number;
  readonly usualFor: (replication: number) => number;
}

/** Values of a policy's parameters, by name. */
export type PolicyParameters = Readonly<Record<string, number>>;

/** A policy as it appears in lists and in the verdict: what it is and what it promises. */
export interface PolicyCard {
  readonly name: string;
  readonly summary: string;
  /** Names of the invariants that the policy promises. Breaking another one is a measurement, not a failure. */
  readonly promises: readonly string[];
  /** By probe: what it promises besides in every run in which that probe does not fire. */
  readonly promisesUntil?: Readonly<Partial<Record<string, readonly string[]>>>;
  /** How much may go wrong before what it promises is no longer owed. */
  readonly faultBudget?: {
    /**
     * Which share of all messages the network may lose for good while invariants that depend on delivery are owed; any
     * where nothing is said.
     */
    readonly lossMax?: number;
  };
  readonly parameters?: readonly PolicyParameter[];
  /** In whose time it lets values expire, where the plan asks for that; in that of wall clocks unless it says so. */
  readonly ttlModes?: readonly ("absolute" | "relative")[];
  /** The hook points and kinds of messages that it may come to; all of the system's where it is left out. */
  readonly reach?: readonly string[];
  /** The promises with parameters that are not as usual, where that makes a difference. */
  readonly promisesOf?: (parameters: PolicyParameters, replication: number) => readonly string[];
}

/** A point in the system's code at which the harness takes part, with the sentence that explains it. */
export type HookPoints = Readonly<Record<string, string>>;

/**
 * What the system offers of hook points. A *detour* is an unlikely but legal way to go on, a *probe* tells that
 * something rare has happened, at a *crash point* the machine may die.
 */
export interface SystemHooks {
  readonly detours: HookPoints;
  readonly probes: HookPoints;
  readonly crashpoints: HookPoints;
  /** What some of them need to be met: `changes` or `ttl` in the scenario, or a parameter of the policy above 0. */
  readonly needs?: Readonly<Partial<Record<string, string>>>;
}

/** Something of the system's own, as a trace records it. */
export interface Told {
  /** A frame as `describeFrame` gives it, or a journal entry. */
  readonly kind: "message" | "journal";
  readonly data: unknown;
}

/**
 * How a system words its own events in the story of a failure: what a machine receives ("the request to store k1"),
 * or does ("answers from its own memory"). Null for what has no part in a story.
 */
export type Tell = (told: Told) => string | null;

/** What the harness needs to know of a system under test. One file binds one system. */
export interface System {
  readonly name: string;
  readonly policies: readonly PolicyCard[];
  readonly hooks?: SystemHooks;
  /** The names of all background processes that its machines may run. */
  readonly processes?: readonly string[];
  /** Instead of the operations of the cache. */
  readonly workload?: SystemWorkload;
  /** All that can be checked of it, instead of what is checked of the cache. */
  readonly invariants?: readonly Invariant[];
  /** Starts one life of a machine. Called at the start of the run and after each restart. */
  boot(machine: MachineEnv, plan: Plan): SystemNode;
  /** A frame as a person wants to read it in a trace. Must not throw on garbage. */
  describeFrame(frame: Uint8Array): unknown;
  /** The kinds of messages that its machines send, for networks on which not all take equally long. */
  readonly messages?: readonly string[];
  /** The kind of message in a frame, one of `messages`; null for garbage. Cheap: asked for every message. */
  kindOf?(frame: Uint8Array): string | null;
  /** The changes of state, as `aspect before>after`, that every campaign with faults should have seen. */
  readonly stateChanges?: readonly string[];
  /** How often and how long its machines do things, by name, with a sentence each: what a plan's `timing` may set. */
  readonly timings?: Readonly<Record<string, string>>;
  /** After how many of something they act, by name, with a sentence each: what a plan's `thresholds` may set. */
  readonly thresholds?: Readonly<Record<string, string>>;
  /** Without it stories show the data. */
  readonly tell?: Tell;
  owners(key: string, plan: Plan): readonly string[] | null;
  /**
   * The same system with a policy of the user's own besides, under the file's path as its name. Left out by a system
   * that takes none.
   *
   * @param module what the file exports
   * @throws PolicyFileError
   */
  withPolicy?: (file: string, module: object) => System;
}
