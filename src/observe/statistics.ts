import type { CacheErrorCode } from "../errors.ts";
import type { WireErrorKind } from "../wire/wire-error.ts";

/** Why a frame was thrown away. */
export type RejectedFrameKind = WireErrorKind | "unknown-node";

/** What a journal on disk counts. */
export interface DiskCounts {
  /** Stores that were refused because the disk was full. */
  readonly refused: number;
  /** Writes, syncs and rewrites that failed for another reason. */
  readonly failures: number;
  /** How often the journal was written anew: because it had grown, or after a failure. */
  readonly rewrites: number;
}

/** What `getOrLoad` counts. */
export interface LoadingCounts {
  /** Of the hits, those whose time to be loaded anew had come. */
  readonly stale: number;
  /** Of the misses, those of which the loader had said before that there is no value. */
  readonly negatives: number;
  /** Loads that ended well, the refreshing of stale values too. */
  readonly loads: number;
  readonly loadErrors: number;
}

/** What a policy with primaries counts, on one node. */
export interface FailoverCounts {
  /** Keys that this node took over. */
  readonly takeovers: number;
  /** Keys that it had led and another node took over. */
  readonly deposed: number;
  /** Writes that it had acknowledged and its successors had not found. */
  readonly writesLost: number;
}

/** What a cache counts. `hits + misses + getErrors` is the number of gets that ended. */
export interface Statistics {
  readonly hits: number;
  readonly misses: number;
  /** Gets that ended in an error. */
  readonly getErrors: number;
  /** Sets, deletes and touches that were acknowledged. */
  readonly writes: number;
  /** Sets, deletes and touches that ended in an error, whether or not they may have happened. */
  readonly writeErrors: number;
  /** Records dropped to make room. */
  readonly evictions: number;
  /** Records dropped because their time was over. */
  readonly expirations: number;
  /** Everything refused or failed, by kind; bad arguments too, which never become an operation. */
  readonly failures: Readonly<Partial<Record<CacheErrorCode | "unexpected", number>>>;
  readonly rejectedFrames: Readonly<Partial<Record<RejectedFrameKind, number>>>;
  /** Entries that the journal refused. */
  readonly journalErrors: number;
  /** Only once a loader was used. */
  readonly loading?: LoadingCounts | undefined;
  /** Writes that were refused since their stamps were ahead of this node's clock, once there is one. */
  readonly stampsAhead?: number | undefined;
  /** Only with a journal on disk. */
  readonly disk?: DiskCounts | undefined;
  /** Compare-and-sets that found another version than the expected one, if there were any. */
  readonly conflicts?: number | undefined;
  /** Answers that the policy failed to give because it threw, if there were any. */
  readonly policyErrors?: number | undefined;
  /** Only where keys were taken over. */
  readonly failover?: FailoverCounts | undefined;
}

/** The counts, and what follows from them and from the state at one moment. */
export interface StatisticsReport extends Omit<Statistics, "failures"> {
  /** Gets, sets and deletes that ended in an error. */
  readonly failures: number;
  readonly failuresByKind: Statistics["failures"];
  /** Hits of all hits and misses, 0 before the first. */
  readonly hitRate: number;
  /** Records held, live or not. */
  readonly cacheSize: number;
  /** Peers, and those among them that are healthy. */
  readonly nodeCount: number;
  readonly healthyNodes: number;
}

export const NO_STATISTICS: Statistics = {
  hits: 0,
  misses: 0,
  getErrors: 0,
  writes: 0,
  writeErrors: 0,
  evictions: 0,
  expirations: 0,
  failures: {},
  rejectedFrames: {},
  journalErrors: 0,
};

/** Statistics of their own to change. Written out for the reason given at the state's `copyOf`. */
export function copyOfStatistics(stats: Statistics): {
  -readonly [Name in keyof Statistics]: Statistics[Name];
} {
  return {
    hits: stats.hits,
    misses: stats.misses,
    getErrors: stats.getErrors,
    writes: stats.writes,
    writeErrors: stats.writeErrors,
    evictions: stats.evictions,
    expirations: stats.expirations,
    failures: stats.failures,
    rejectedFrames: stats.rejectedFrames,
    journalErrors: stats.journalErrors,
    loading: stats.loading,
    stampsAhead: stats.stampsAhead,
    disk: stats.disk,
    conflicts: stats.conflicts,
    policyErrors: stats.policyErrors,
    failover: stats.failover,
  };
}

export const NO_LOADING_COUNTS: LoadingCounts = { stale: 0, negatives: 0, loads: 0, loadErrors: 0 };
export const NO_FAILOVER_COUNTS: FailoverCounts = { takeovers: 0, deposed: 0, writesLost: 0 };
export const NO_DISK_COUNTS: DiskCounts = { refused: 0, failures: 0, rewrites: 0 };

export function hitRateOf({ hits, misses }: Statistics): number {
  const total = hits + misses;
  return total === 0 ? 0 : hits / total;
}
