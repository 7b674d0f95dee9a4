/**
 * A node of a distributed cache.
 *
 * The five primitives each do one job: all state is one value in an Atom, time comes from a Clock only, every
 * operation is an Effect (with its context, its deadline and its clean-up) and leaves its trail in a Journal, and
 * background work runs in supervised Processes. What becomes of a key is decided by the replication policy.
 */
import { EffectInterruptedError, EffectTimeoutError } from "@phyxius/effect";
import { requireDeadline } from "./arguments.ts";
import { type AuditEntry, type AuditFilters, readAuditLog } from "./observe/audit-log.ts";
import type { Background } from "./background/start.ts";
import { type Configuration, type MemberChange, membersAfter } from "./membership/configuration.ts";
import { IndeterminateError, InvalidArgumentError, StoppedError } from "./errors.ts";
import type { KeyedOperations, KeyedParts } from "./operations/keyed-operations.ts";
import { createLatencies, type LatencyReports } from "./observe/latencies.ts";
import { createNamespace, type Namespace } from "./operations/namespace.ts";
import { type CacheNode, createNode } from "./node/node.ts";
import { type NodeParts, PARTS } from "./node/parts.ts";
import {
  type CacheOptions,
  invalid,
  requireDurability,
  type ResolvedOptions,
  resolveOptions,
} from "./options.ts";
import type { NearReport } from "./near/near-copies.ts";
import type { PolicyPromise } from "./policies/policy.ts";
import { type CacheState, reportStatistics } from "./state.ts";
import type { StatisticsReport } from "./observe/statistics.ts";
import { type Usage, usageOf } from "./observe/usage.ts";
import type { EventFilters, EventListener } from "./observe/subscriptions.ts";

/** How long `changeMembers` waits unless it says so: a minute. */
const CHANGE_DEADLINE_MS = 60_000;

/** The statistics, with how long operations took. */
export interface CacheStatistics extends StatisticsReport {
  readonly latencies: LatencyReports;
  /** Only with near copies. */
  readonly near?: NearReport | undefined;
}

export interface Cache extends KeyedOperations {
  /**
   * A part of the cache with keys of its own, seen through a view with statistics of its own: keep it, since another
   * call with the same name gives another view of the same keys, which counts from 0.
   * @throws InvalidArgumentError
   */
  namespace(name: string): Namespace;
  /**
   * Changes who belongs to the cluster, while it runs: records move, and nothing that was confirmed is lost. Resolves
   * when a majority of the new members knows, and everybody who is drained, who may then be stopped. Give it through
   * any node, one change at a time; the audit logs tell of each step (`cache.membership.changed`).
   *
   * Needs a majority of the members, and majorities of each key's old and new owners, among which nobody counts that
   * is removed. Once begun, it is completed also if this node fails.
   * @param options.deadlineMs how long to wait, one minute by default
   * @throws InvalidArgumentError, ConflictingChangeError, StoppedError: nothing happened
   * @throws IndeterminateError: it may have begun, and then goes on: look at `members`
   */
  changeMembers(
    change: MemberChange,
    options?: { readonly deadlineMs?: number | undefined },
  ): Promise<Configuration>;
  /** Who belongs to the cluster, as far as this node knows. */
  members(): Configuration;
  getStats(): CacheStatistics;
  /** How full everything is that has a bound. O(1); with eviction, O(records). */
  getUsage(): Usage[];
  /** The entries that match all filters, oldest first. O(entries kept). */
  getAuditLog(filters?: AuditFilters): AuditEntry[];
  /**
   * Tells the listener of every event that matches all filters, as it is written to the audit log. What it throws is
   * dropped. Returns a way to end it.
   */
  subscribe(listener: EventListener, filters?: EventFilters): () => void;
  /** What is left of the policy's promises with the options that were chosen. */
  readonly promises: readonly PolicyPromise[];
  /** The background processes: their names, and a way to make one fail, to see it recover. */
  readonly background: Pick<Background, "names" | "fail">;
  /** The whole state at this moment, in O(1): it is immutable. */
  getStateSnapshot(): CacheState;
  /** Ends operations and background work; resolves when nothing is left, not even a timer. */
  stop(): Promise<void>;
}

/** A node that keeps everything in memory. Throws `InvalidArgumentError` for options that cannot be. */
export function createCache(options: CacheOptions): Cache {
  return createCacheOf(PARTS, options);
}

/** The same of other parts. */
export function createCacheOf(parts: NodeParts, options: CacheOptions): Cache {
  if (requireDurability(options) === "journal") {
    throw invalid(
      "durability",
      "journal",
      '"memory", or `openCache`, which reads the journal before it starts',
    );
  }
  const resolved = resolveOptions(options);
  return cacheOf(parts, createNode(options, resolved, null, parts), resolved);
}

/** What callers see of a node. */
export function cacheOf(parts: NodeParts, node: CacheNode, resolved: ResolvedOptions): Cache {
  const { state, journal, policy, operations, membership, conductor } = node;
  const { limits, timing } = resolved;
  const latencies = createLatencies();
  let stopping: Promise<void> | null = null;

  const client = parts.createClientOperations(node, latencies, () => {
    if (stopping !== null) throw new StoppedError();
  });
  const loading = parts.createLoading(node, client, { limits, operationMs: timing.deadlineMs });
  const keyed: KeyedParts = { client, loading, policy, policyName: node.policyName, resolved };

  return {
    ...parts.createKeyedOperations(keyed, "", () => {}),

    namespace: (name) => createNamespace(keyed, name),

    promises: node.promises,

    async changeMembers(change, { deadlineMs = CHANGE_DEADLINE_MS } = {}) {
      let next: Configuration["members"] = [];
      client.admit(() => {
        requireDeadline(deadlineMs);
        requireMovable(node);
        next = membersAfter(membership.configuration, change, node.nodes, membership.replication);
      });
      const drained = change.drain ?? [];
      try {
        return await operations.task((context) => conductor.change(context, next, drained), deadlineMs);
      } catch (error) {
        throw explainChangeEnd(error, membership.configuration);
      }
    },

    members: () => membership.configuration,

    background: node.background,

    getStats: () => ({
      ...reportStatistics(state.deref()),
      latencies: latencies.report(),
      near: node.near?.report(),
    }),

    getUsage: () => usageOf(node, resolved),

    getAuditLog: (filters = {}) => readAuditLog(journal, filters),

    subscribe: (listener, filters) => node.subscriptions.subscribe(listener, filters),

    getStateSnapshot: () => state.deref(),

    stop() {
      stopping ??= node.stop();
      return stopping;
    },
  };
}

function requireMovable({ card }: CacheNode): void {
  if (card.hasFixedOwners && card.background.includes("repair")) return;
  throw new InvalidArgumentError(
    "invalid-members",
    `the policy ${card.name} moves no records, so its members cannot change; choose another policy`,
  );
}

function explainChangeEnd(error: unknown, { epoch, members }: Configuration): unknown {
  if (!(error instanceof EffectTimeoutError) && !(error instanceof EffectInterruptedError)) return error;
  const names = members.map(({ id }) => id).join(", ");
  return new IndeterminateError(
    `the change of members is not known to be complete; this node is in epoch ${epoch}, of ${names}. If it was begun ` +
      "it goes on by itself: look at `members`, and ask again if nothing came of it",
    null,
  );
}
