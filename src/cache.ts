/**
 * A node of a distributed cache.
 *
 * The five primitives each do one job: all state is one value in an Atom, time comes from a Clock only, every
 * operation is an Effect (with its context, its deadline and its clean-up) and leaves its trail in a Journal, and
 * background work runs in supervised Processes. What becomes of a key is decided by the replication policy.
 */
import { encodeValue, requireDeadline, requireKey, requireTtl } from "./arguments.ts";
import { EffectInterruptedError, EffectTimeoutError } from "@phyxius/effect";
import type { Background } from "./background/start.ts";
import {
  countGetError,
  countHit,
  countMiss,
  countRefusal,
  countWrite,
  countWriteError,
  type FailureKind,
} from "./counting.ts";
import { type Configuration, type MemberChange, membersAfter } from "./configuration.ts";
import { CacheError, IndeterminateError, InvalidArgumentError, StoppedError } from "./errors.ts";
import type { CacheEvent } from "./events.ts";
import { type CacheNode, createNode } from "./node.ts";
import { explainEnd, type Operation } from "./operation.ts";
import type { PendingOperation } from "./operations.ts";
import {
  type CacheOptions,
  invalid,
  requireDurability,
  type ResolvedOptions,
  resolveOptions,
} from "./options.ts";
import type { Lookup } from "./results.ts";
import { type CacheState, reportStatistics } from "./state.ts";
import type { StatisticsReport } from "./statistics.ts";

/** How long a value may be served unless `set` says otherwise: five minutes. */
export const DEFAULT_TTL_MS = 300_000;

/** How long `changeMembers` waits unless it says so: a minute. */
const CHANGE_DEADLINE_MS = 60_000;

export interface OperationOptions {
  /** How long to try, in whole milliseconds; `timing.deadlineMs` by default. */
  readonly deadlineMs?: number | undefined;
}

export interface AuditFilters {
  /** Part of the event's type: "cache.get", "error". */
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly operation?: string | undefined;
  /** Wall time in milliseconds: events from then on. */
  readonly since?: number | undefined;
}

/** An entry of the audit log, with when it was written. Times are milliseconds. */
export type AuditEntry = CacheEvent & { readonly wallMs: number; readonly monoMs: number };

export interface Cache {
  /**
   * The value, or undefined when there is none.
   * @throws InvalidArgumentError, UnavailableError, StoppedError
   */
  get<T = unknown>(key: string, options?: OperationOptions): Promise<T | undefined>;
  /**
   * The same, with where the value came from; an answer that could not be had is a result, not an error.
   * @throws InvalidArgumentError, StoppedError
   */
  lookup<T = unknown>(key: string, options?: OperationOptions): Promise<Lookup<T>>;
  /**
   * Stores what JSON keeps of the value, for `ttlMs` milliseconds from now.
   * @throws InvalidArgumentError, UnavailableError, StoreFullError, StoppedError: nothing happened
   * @throws IndeterminateError: it may have happened
   */
  set(key: string, value: unknown, ttlMs?: number, options?: OperationOptions): Promise<void>;
  /** Throws as `set` does. */
  delete(key: string, options?: OperationOptions): Promise<void>;
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
  changeMembers(change: MemberChange, options?: OperationOptions): Promise<Configuration>;
  /** Who belongs to the cluster, as far as this node knows. */
  members(): Configuration;
  getStats(): StatisticsReport;
  /** The entries that match all filters, oldest first. O(entries kept). */
  getAuditLog(filters?: AuditFilters): AuditEntry[];
  /** The background processes: their names, and a way to make one fail, to see it recover. */
  readonly background: Pick<Background, "names" | "fail">;
  /** The whole state at this moment, in O(1): it is immutable. */
  getStateSnapshot(): CacheState;
  /** Ends operations and background work; resolves when nothing is left, not even a timer. */
  stop(): Promise<void>;
}

/** A node that keeps everything in memory. Throws `InvalidArgumentError` for options that cannot be. */
export function createCache(options: CacheOptions): Cache {
  if (requireDurability(options) === "journal") {
    throw invalid(
      "durability",
      "journal",
      '"memory", or `openCache`, which reads the journal before it starts',
    );
  }
  const resolved = resolveOptions(options);
  return cacheOf(createNode(options, resolved), resolved);
}

/** What callers see of a node. */
export function cacheOf(node: CacheNode, { limits, timing }: ResolvedOptions): Cache {
  const { state, journal, policy, operations, membership, conductor, emit, hooks } = node;
  let stopping: Promise<void> | null = null;

  /** Lets a call become an operation; otherwise counts the refusal and throws it. */
  function admit(check: () => void): void {
    try {
      check();
      if (stopping !== null) throw new StoppedError();
    } catch (error) {
      state.swap((current) => countRefusal(current, failureKind(error)));
      throw error;
    }
  }

  /** Names, in the audit log, the replicas that an operation which failed still waited for. */
  function reportSilent({ id, key, gather, mayHaveHappened }: PendingOperation): void {
    if (gather === null || gather.isComplete) return;
    const type = mayHaveHappened ? "cache.replication.failure" : "cache.node.error";
    for (const nodeId of gather.answers().silent) {
      emit({ type, operation: id, key, nodeId, error: "no answer" });
    }
  }

  async function lookup<T>(key: string, operationOptions?: OperationOptions): Promise<Lookup<T>> {
    const deadlineMs = operationOptions?.deadlineMs ?? timing.deadlineMs;
    admit(() => {
      requireKey(key, limits);
      requireDeadline(deadlineMs);
    });
    const operation = operations.begin("get", key, deadlineMs);
    const { id } = operation;
    emit({ type: "cache.get.started", operation: id, key });
    try {
      const found = await operations.run(operation, policy.get);
      if (found === null) {
        state.swap(countMiss);
        emit({ type: "cache.get.miss", operation: id, key });
        return { status: "miss" };
      }
      const { source, version } = found;
      const value = JSON.parse(found.value) as T;
      state.swap(countHit);
      emit({ type: "cache.get.hit", operation: id, key, source, version });
      return { status: "hit", value, source, version };
    } catch (thrown) {
      const error = explainEnd(operation, thrown);
      reportSilent(operation);
      const code = failureKind(error);
      state.swap((current) => countGetError(current, code));
      emit({ type: "cache.get.error", operation: id, key, code, error: messageOf(error) });
      if (error instanceof CacheError) return { status: "unavailable", error };
      throw error;
    }
  }

  async function write(
    kind: "set" | "delete",
    key: string,
    deadlineMs: number,
    ttlMs: number,
    work: (operation: Operation) => Promise<void>,
  ): Promise<void> {
    const operation = operations.begin(kind, key, deadlineMs);
    const { id } = operation;
    if (kind === "set") emit({ type: "cache.set.started", operation: id, key, ttlMs });
    else emit({ type: "cache.delete.started", operation: id, key });
    try {
      await operations.run(operation, work);
    } catch (thrown) {
      const error = explainEnd(operation, thrown);
      reportSilent(operation);
      const code = failureKind(error);
      if (error instanceof IndeterminateError) hooks.sometimes("write-unclear");
      state.swap((current) => countWriteError(current, code));
      emit({ type: `cache.${kind}.error`, operation: id, key, code, error: messageOf(error) });
      throw error;
    }
    state.swap(countWrite);
    emit({ type: `cache.${kind}.completed`, operation: id, key });
  }

  return {
    lookup,

    async get<T>(key: string, operationOptions?: OperationOptions): Promise<T | undefined> {
      const result = await lookup<T>(key, operationOptions);
      if (result.status === "unavailable") throw result.error;
      return result.status === "hit" ? result.value : undefined;
    },

    async set(key, value, ttlMs = DEFAULT_TTL_MS, { deadlineMs = timing.deadlineMs } = {}) {
      let encoded = "";
      admit(() => {
        requireKey(key, limits);
        requireTtl(ttlMs, limits);
        requireDeadline(deadlineMs);
        encoded = encodeValue(value, limits);
      });
      await write("set", key, deadlineMs, ttlMs, (operation) => policy.set(operation, encoded, ttlMs));
    },

    async delete(key, { deadlineMs = timing.deadlineMs } = {}) {
      admit(() => {
        requireKey(key, limits);
        requireDeadline(deadlineMs);
      });
      await write("delete", key, deadlineMs, 0, policy.delete);
    },

    async changeMembers(change, { deadlineMs = CHANGE_DEADLINE_MS } = {}) {
      let next: Configuration["members"] = [];
      admit(() => {
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

    getStats: () => reportStatistics(state.deref()),

    getAuditLog({ type, key, operation, since } = {}) {
      const entries: AuditEntry[] = [];
      for (const { data, timestamp } of journal) {
        if (type !== undefined && !data.type.includes(type)) continue;
        if (key !== undefined && !("key" in data && data.key === key)) continue;
        if (operation !== undefined && data.operation !== operation) continue;
        if (since !== undefined && timestamp.wallMs < since) continue;
        entries.push({ ...data, wallMs: timestamp.wallMs, monoMs: timestamp.monoMs });
      }
      return entries;
    },

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

function failureKind(error: unknown): FailureKind {
  return error instanceof CacheError ? error.code : "unexpected";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
