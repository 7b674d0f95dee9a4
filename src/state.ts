import { Map, OrderedMap } from "immutable";
import { NO_VOTES, type Votes } from "./membership/agreement.ts";
import type { Configuration } from "./membership/configuration.ts";
import type { CacheRecord } from "./local/record.ts";
import type { KnownIncarnation } from "./wire/messages.ts";
import { hitRateOf, NO_STATISTICS, type Statistics, type StatisticsReport } from "./observe/statistics.ts";

export type NodeStatus = "healthy" | "degraded" | "unhealthy";

/** What a node knows of one peer. Times are milliseconds; `Seen` and `Error` times are of the wall. */
export interface NodeInfo {
  readonly id: string;
  readonly status: NodeStatus;
  /** It is taken to be gone. */
  readonly isSuspected: boolean;
  readonly consecutiveErrors: number;
  readonly consecutiveAnswers: number;
  readonly lastLatencyMs: number;
  /** Undefined until it was measured once. */
  readonly avgLatencyMs: number | undefined;
  readonly lastSeenMs: number | null;
  readonly lastError: string | null;
  readonly lastErrorMs: number | null;
}

/** All that a peer held of what both own was taken over. */
export interface Pulled {
  /** The life of the peer that gave it. */
  readonly incarnation: number;
  /** From whom that peer itself still missed something. */
  readonly missing: readonly string[];
  /** Which restarts that peer knew of when it gave. */
  readonly known: readonly KnownIncarnation[];
}

/** How far a node that came back with an empty memory has got. */
export interface CatchUp {
  /** True once it may vote on every key. */
  readonly isDone: boolean;
  /** By peer. */
  readonly pulledFrom: Map<string, Pulled>;
}

/** Who belongs to the cluster, as far as this node knows. */
export interface MembershipState {
  readonly configuration: Configuration;
  /** What binds this node as a voter on the next one. */
  readonly votes: Votes;
}

/**
 * All that a cache node keeps, as one immutable value in one atom: taking a snapshot costs nothing, and nobody
 * ever sees half a change.
 */
export interface CacheState {
  readonly records: Map<string, CacheRecord>;
  /** The highest counter of a version that was dropped when its time was over; 0 for none. */
  readonly forgotten: number;
  /** In the order in which the transport lists them. */
  readonly nodes: OrderedMap<string, NodeInfo>;
  /** The latest known life of every node that is known to have restarted, this one too. */
  readonly incarnations: Map<string, number>;
  readonly catchUp: CatchUp;
  readonly membership: MembershipState;
  readonly replicationFactor: number;
  readonly stats: Statistics;
}

/** A state of its own to change. Written out: a spread costs several times as much, and every operation makes some. */
export function copyOf(state: CacheState): { -readonly [Field in keyof CacheState]: CacheState[Field] } {
  return {
    records: state.records,
    forgotten: state.forgotten,
    nodes: state.nodes,
    incarnations: state.incarnations,
    catchUp: state.catchUp,
    membership: state.membership,
    replicationFactor: state.replicationFactor,
    stats: state.stats,
  };
}

/** What the initial state depends on, besides the names of the nodes. */
export interface InitialStateOptions {
  readonly incarnation: number;
  /** An earlier life of this node stored what others may count on. */
  readonly mustCatchUp: boolean;
  readonly replication: number;
  /** The one that the cluster started with. */
  readonly configuration: Configuration;
}

/** What an earlier life left. */
export interface Recovered {
  readonly records: Map<string, CacheRecord>;
  readonly forgotten: number;
  /** Which nodes it knew to have restarted. */
  readonly known: readonly KnownIncarnation[];
  /** Null if it is that of the options. */
  readonly membership: MembershipState | null;
}

const NOTHING_RECOVERED: Recovered = { records: Map(), forgotten: 0, known: [], membership: null };

export function createInitialState(
  self: string,
  peers: readonly string[],
  { incarnation, mustCatchUp, replication, configuration }: InitialStateOptions,
  { records, forgotten, known, membership }: Recovered = NOTHING_RECOVERED,
): CacheState {
  const nodes = peers.map((id): [string, NodeInfo] => [
    id,
    {
      id,
      status: "healthy",
      isSuspected: false,
      consecutiveErrors: 0,
      consecutiveAnswers: 0,
      lastLatencyMs: 0,
      avgLatencyMs: undefined,
      lastSeenMs: null,
      lastError: null,
      lastErrorMs: null,
    },
  ]);
  const others = Map(known.map((entry) => [entry.node, entry.incarnation]));
  return {
    records,
    forgotten,
    nodes: OrderedMap(nodes),
    incarnations: incarnation > 1 ? others.set(self, incarnation) : others,
    catchUp: { isDone: !mustCatchUp, pulledFrom: Map() },
    membership: membership ?? { configuration, votes: NO_VOTES },
    replicationFactor: replication,
    stats: NO_STATISTICS,
  };
}

/** O(peers). */
export function reportStatistics(state: CacheState): StatisticsReport {
  const { failures, disk, failover, conflicts, policyErrors, stampsAhead, loading, ...counts } = state.stats;
  return {
    ...counts,
    ...(loading !== undefined && { loading }),
    ...(stampsAhead !== undefined && { stampsAhead }),
    ...(disk !== undefined && { disk }),
    ...(failover !== undefined && { failover }),
    ...(conflicts !== undefined && { conflicts }),
    ...(policyErrors !== undefined && { policyErrors }),
    failures: counts.getErrors + counts.writeErrors,
    failuresByKind: failures,
    hitRate: hitRateOf(state.stats),
    cacheSize: state.records.size,
    nodeCount: state.nodes.size,
    healthyNodes: state.nodes.count((node) => node.status === "healthy"),
  };
}
