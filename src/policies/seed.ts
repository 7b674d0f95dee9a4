/**
 * The cache as it was first written: the baseline that every other policy is compared with. It is kept as it was,
 * defects included, and each defect is named where it is. It promises nothing.
 *
 * Where the original could not run, this does what it evidently meant:
 * - it added a ttl to an `Instant` and compared instants with numbers; here both are the wall's milliseconds;
 * - asking, storing at and pinging a node were stubs; here they are messages. An error is a connection that is
 *   reset or refused, which is all that a sender ever learns; silence is waited for;
 * - it had no delete; this is the naive one: forget the key here, and tell the peers that a set would tell.
 */
import { createSupervisor } from "@phyxius/process";
import { CacheError } from "../errors.ts";
import { statusAfterErrors } from "../observe/node-health.ts";
import type { Operation } from "../operations/operation.ts";
import { type CacheRecord, isLive } from "../local/record.ts";
import type { CacheState, NodeInfo } from "../state.ts";
import type { DataRequest, ReplyMessage } from "../wire/messages.ts";
import type { Found, Policy, PolicyKit, PolicyNode } from "./policy.ts";

export const seed: Policy = {
  name: "seed",
  summary:
    "the original cache, unchanged: local copy first, then healthy peers one by one; writes go to three; " +
    "in memory only",
  promises: [],
  faultBudget: { summary: "none: it breaks its word even without faults", ownersLost: () => 0 },
  // Defect: nothing ever schedules the three processes below.
  reach: ["read", "read-reply", "store", "store-reply", "erase"],
  background: [],
  // It answers before it could know that anything was kept, so a journal would promise what it does not hold.
  durability: ["memory"],
  honoursDeadlines: false,
  hasFixedOwners: false,
  create: createSeed,
};

const FILL_TTL_MS = 300_000;

function createSeed(kit: PolicyKit): PolicyNode {
  const { clock, state, rpc, incarnation } = kit;
  spawnBackgroundProcesses(kit);

  // Defect: copies have no versions, so whichever write arrives last wins, in another order on every node.
  function recordOf(operation: Operation, value: string, expireAtMs: number): CacheRecord {
    const version = { counter: 0, node: kit.self, incarnation };
    return { key: operation.key, version, value, expireAtMs, operation: operation.number };
  }

  async function get(operation: Operation): Promise<Found | null> {
    // Defect: a local copy is served until it expires, whatever other nodes have written since.
    const local = state.deref().records.get(operation.key);
    if (local !== undefined && local.value !== null && isLive(local, clock.now().wallMs)) {
      return { value: local.value, source: "local", version: null };
    }
    const value = await getFromRemoteNodes(operation);
    // Defect: when every node failed, this is a miss, as if nobody had the value.
    if (value === null) return null;
    // Defect: the copy lives for five minutes from now, however soon the value itself expires.
    // Defect: and it overwrites whatever was set here while the answer was under way.
    updateLocal(kit, recordOf(operation, value, clock.now().wallMs + FILL_TTL_MS));
    return { value, source: "remote", version: null };
  }

  async function getFromRemoteNodes(operation: Operation): Promise<string | null> {
    const nodes = healthyNodes(state.deref()).sort((a, b) => a.lastLatencyMs - b.lastLatencyMs);
    // Defect: one after the other, each for as long as it takes. A node that hangs stops the search.
    for (const { id } of nodes) {
      try {
        const startedMs = clock.now().monoMs;
        const reply = await rpc.ask(id, {
          type: "read",
          incarnation,
          request: rpc.nextRequest(),
          key: operation.key,
          wants: "record",
        });
        updateNodeLatency(kit, id, clock.now().monoMs - startedMs);
        // Defect: the first that answers is believed.
        const value = reply.type === "read-reply" ? reply.record?.value : null;
        if (typeof value === "string") return value;
      } catch (error) {
        noteNodeError(operation, id, "cache.node.error", error);
      }
    }
    return null;
  }

  async function set(operation: Operation, value: string, ttlMs: number): Promise<void> {
    const record = recordOf(operation, value, operation.startedMs + ttlMs);
    // Defect: written here before anybody else agreed, and left here when nobody does.
    updateLocal(kit, record);
    operation.mayHaveHappened = true;
    await replicate(operation, (request) => ({ type: "store", incarnation, request, record }));
  }

  async function remove(operation: Operation): Promise<void> {
    // Defect: leaves no tombstone, so a copy that was not reached comes back with the next get.
    state.swap((current) => ({ ...current, records: current.records.delete(operation.key) }));
    operation.mayHaveHappened = true;
    const { key } = operation;
    await replicate(operation, (request) => ({ type: "erase", incarnation, request, key }));
  }

  async function replicate(operation: Operation, requestOf: (request: number) => DataRequest): Promise<void> {
    // Defect: the targets are the first that look healthy from here, in the order of the list; two nodes that
    // see different nodes healthy write to different places.
    const healthy = healthyNodes(state.deref());
    const targetCount = Math.min(state.deref().replicationFactor, healthy.length);
    const targets = healthy.slice(0, targetCount);
    // Defect: waits for all of them, without a limit.
    const results = await Promise.allSettled(
      targets.map(async ({ id }) => {
        try {
          await rpc.ask(id, requestOf(rpc.nextRequest()));
        } catch (error) {
          noteNodeError(operation, id, "cache.replication.failure", error);
          throw error;
        }
        kit.emit({
          type: "cache.replication.success",
          operation: operation.id,
          key: operation.key,
          nodeId: id,
        });
      }),
    );
    const successes = results.filter(({ status }) => status === "fulfilled").length;
    // Defect: half of whoever looks healthy is no majority of anything; of none it is zero, which succeeds.
    if (successes < Math.ceil(targetCount / 2)) {
      // Defect: an error, yet what has been stored stays stored.
      throw new CacheError(
        "replication-failed",
        `Replication failed: only ${successes}/${targetCount} nodes succeeded`,
      );
    }
  }

  function noteNodeError(
    operation: Operation,
    nodeId: string,
    type: "cache.node.error" | "cache.replication.failure",
    problem: unknown,
  ): void {
    const error = problem instanceof Error ? problem.message : String(problem);
    recordNodeError(kit, nodeId, error);
    kit.emit({ type, operation: operation.id, key: operation.key, nodeId, error });
  }

  function answer(request: DataRequest): ReplyMessage | null {
    const head = { incarnation, request: request.request, requester: request.incarnation };
    const { restarted: known } = kit.incarnations;
    switch (request.type) {
      case "read": {
        const held = state.deref().records.get(request.key);
        const record = held !== undefined && isLive(held, clock.now().wallMs) ? held : null;
        return { type: "read-reply", ...head, known, version: null, record, isFull: false };
      }
      case "store":
        updateLocal(kit, request.record);
        return { type: "store-reply", ...head, known, isStored: true };
      case "erase":
        state.swap((current) => ({ ...current, records: current.records.delete(request.key) }));
        return { type: "store-reply", ...head, known, isStored: true };
      case "policy":
        return null;
    }
  }

  return { get, set, delete: remove, answer: (_from, request) => answer(request) };
}

function healthyNodes(state: CacheState): NodeInfo[] {
  // Defect: one error is enough to be left out of all reads and writes, for good (see `recordNodeError`).
  return [...state.nodes.values()].filter((node) => node.status === "healthy");
}

/** Defect: without a bound. */
function updateLocal({ state }: PolicyKit, record: CacheRecord): void {
  state.swap((current) => ({ ...current, records: current.records.set(record.key, record) }));
}

function updateNodeLatency({ state, clock }: PolicyKit, nodeId: string, latencyMs: number): void {
  state.swap((current) => {
    const node = current.nodes.get(nodeId);
    if (node === undefined) return current;
    const nodes = current.nodes.set(nodeId, {
      ...node,
      lastLatencyMs: latencyMs,
      // Defect: the first mean is taken with undefined, so it is NaN for ever.
      avgLatencyMs: ((node.avgLatencyMs as number) + latencyMs) / 2,
      lastSeenMs: clock.now().wallMs,
    });
    return { ...current, nodes };
  });
}

/** Defect: no success on the way of the data ever takes an error back. */
function recordNodeError({ state, clock, health }: PolicyKit, nodeId: string, error: string): void {
  state.swap((current) => {
    const node = current.nodes.get(nodeId);
    if (node === undefined) return current;
    const consecutiveErrors = node.consecutiveErrors + 1;
    const nodes = current.nodes.set(nodeId, {
      ...node,
      consecutiveErrors,
      status: statusAfterErrors(node.status, consecutiveErrors, health),
      isSuspected: consecutiveErrors >= health.suspectedAfter,
      lastError: error,
      lastErrorMs: clock.now().wallMs,
    });
    return { ...current, nodes };
  });
}

interface UpkeepMessage {
  readonly type: string;
}

/** What the handlers below believe `this` to be. */
interface Handler {
  cleanupExpiredEntries(): Promise<void>;
  performHealthChecks(): Promise<void>;
  aggregateStatistics(): Promise<void>;
}

/**
 * Defect: nobody ever sends these processes a message, so expired entries, dead nodes and statistics stay as they
 * are. Defect: if somebody did, `this` would be the handler, which has no such method, and the process would fail.
 */
function spawnBackgroundProcesses(kit: PolicyKit): void {
  const supervisor = createSupervisor({ clock: kit.clock });
  const handlers = [
    {
      async handle(this: unknown, message: UpkeepMessage) {
        if (message.type === "cleanup_expired") await (this as Handler).cleanupExpiredEntries();
      },
    },
    {
      async handle(this: unknown, message: UpkeepMessage) {
        if (message.type === "health_check") await (this as Handler).performHealthChecks();
      },
    },
    {
      async handle(this: unknown, message: UpkeepMessage) {
        if (message.type === "aggregate_stats") await (this as Handler).aggregateStatistics();
      },
    },
  ];
  for (const handler of handlers) supervisor.spawn<UpkeepMessage>(handler);
  kit.onStop(() => supervisor.stop());
}
