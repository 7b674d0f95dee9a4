import type { Stretch } from "../world/transit.ts";
import type { LifeAccount } from "./accounts.ts";
import type { AuditedLife } from "./audit-ledger.ts";
import type { HealthLife } from "./health-ledger.ts";
import type { History, Operation } from "./history.ts";
import type { Plan } from "./plan.ts";

/** One key as one machine held it when the run ended. */
export interface ReplicaEntry {
  readonly key: string;
  /** Equal for equal records (version and content), different for different ones. */
  readonly fingerprint: string;
  /** The value held; null for a tombstone. */
  readonly value: string | null;
}

export interface MachineEnd {
  readonly machine: string;
  readonly incarnation: number;
  readonly isUp: boolean;
  readonly bootedAtUs: number;
  readonly replicas: readonly ReplicaEntry[];
}

/** One call of a client's loader, from its beginning to its end or to the end of the machine's life. */
export interface Load {
  /** The operation whose loader it was. */
  readonly operation: string;
  readonly machine: string;
  readonly key: string;
  readonly fromUs: number;
  /** `Infinity` when it was under way as the run ended. */
  readonly untilUs: number;
}

export interface Rejection {
  readonly machine: string | null;
  readonly message: string;
}

/** Everything about a finished run that an invariant may look at. */
export interface RunRecord {
  readonly plan: Plan;
  readonly history: History;
  /**
   * How much earlier than its time to live a value may be gone, in microseconds, as this run has shown; left out where
   * the plan says it (`clockSkewMs`).
   */
  readonly expiryAllowanceUs?: number;
  /** The calls of loaders, in the order in which they began. */
  readonly loads: readonly Load[];
  readonly audit: readonly AuditedLife[];
  /** What machines noted of each other; left out where nobody kept it. */
  readonly health?: readonly HealthLife[];
  /** What machines counted of their own doing, and how full they were. */
  readonly accounts: readonly LifeAccount[];
  /** Incarnations that ended in a crash: `machine@incarnation` -> when. */
  readonly crashedAtUs: ReadonlyMap<string, number>;
  readonly machines: readonly MachineEnd[];
  /** The machines that must hold `key`, or null when the policy has no fixed owners. */
  readonly owners: (key: string) => readonly string[] | null;
  readonly rejections: readonly Rejection[];
  /**
   * How much of a stretch of time a machine had for itself, in microseconds of its own monotonic clock: time in which
   * it was paused, or busy with what came before, does not count.
   */
  readonly ownTimeUs: (machine: string, fromUs: number, untilUs: number) => number;
  /** When the network had a message under way for at least half of the clients' deadline; in order, and apart. */
  readonly longJourneys: readonly Stretch[];
  readonly endUs: number;
}

/** A broken invariant, as data: every report only renders it. */
export interface Violation {
  readonly invariant: string;
  readonly key: string | null;
  /** One sentence that says what is wrong, with names and times. */
  readonly summary: string;
  /** The certificate: the few operations that cannot all be right, in time order. */
  readonly operations: readonly Operation[];
  /** Further facts a reader needs, one sentence each. */
  readonly notes: readonly string[];
  /**
   * What ended the policy's promise of the invariant in this run: a probe that fired, see `endedPromises`, or
   * `LOSSY_NETWORK`.
   */
  readonly endedBy?: string;
}

export interface Invariant {
  readonly name: string;
  /** One line for `cache-sim list`. */
  readonly summary: string;
  /** True for what no policy may ever break, whether it promises it or not. */
  readonly isUnconditional?: boolean;
  /** True for what a policy can promise only while clocks are as right as the plan says. */
  readonly dependsOnClocks?: boolean;
  /** True for what a policy can promise only while the network delivers what is sent again often enough. */
  readonly dependsOnDelivery?: boolean;
  /**
   * True for what a run that is cut short breaks only if the whole run breaks it too: it asks nothing of the end. So a
   * plan that breaks it may end early.
   */
  readonly isPrefixClosed?: boolean;
  /** Pure: the same record gives the same violations in the same order. */
  check(run: RunRecord): readonly Violation[];
}
