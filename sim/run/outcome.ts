import type { HandSetChoices } from "../kernel/choices.ts";
import type { DiskStatistics } from "../world/disk.ts";
import type { NetworkStatistics } from "../world/network.ts";
import type { Behaviour } from "./behaviour/behaviour.ts";
import type { RunRecord, Violation } from "./invariant.ts";
import type { Plan } from "./plan.ts";

export interface RunStatistics {
  /** Events that the kernel ran: arrivals, timers, operations, faults. */
  readonly eventCount: number;
  readonly virtualMs: number;
  readonly operations: {
    readonly total: number;
    readonly ok: number;
    readonly fail: number;
    readonly indeterminate: number;
  };
  readonly network: Readonly<NetworkStatistics>;
  /** How many messages were delivered to each machine. */
  readonly arrivals: Readonly<Record<string, number>>;
  /** How long clients still suffered after the last fault; null when it did not end. See `recoveryUs`. */
  readonly recoveryUs: number | null;
  /** Names of the probes in the system's code that fired, sorted. */
  readonly probes: readonly string[];
  /** Of all machines together; zeros where nothing is kept on disk. */
  readonly disk: Readonly<DiskStatistics>;
  readonly crashCount: number;
  /** Effects that crashed lives of machines still attempted; they were dropped. */
  readonly ghostCount: number;
}

/** Everything that a run gives. Equal plans and equal code give equal outcomes. */
export interface Outcome {
  readonly plan: Plan;
  readonly record: RunRecord;
  readonly violations: readonly Violation[];
  readonly statistics: RunStatistics;
  /** What the run exercised; its violations and statistics say how that went. */
  readonly behaviour: Behaviour;
  /** What became of the choices that the plan sets by hand. */
  readonly choices: HandSetChoices;
  /** A cheap fingerprint of what ran when and where, with or without tracing. */
  readonly digest: string;
}
