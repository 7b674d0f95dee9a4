/**
 * A write waits for all owners of its key, so a read may ask the nearest of them alone.
 *
 *     npx cache-sim run calm partition-heal --policy ./examples/read-one-write-all.ts
 *
 * One owner that is down stops all writes of its keys; and of two reads during a write, the second may see less.
 */
import { formatVersion, IndeterminateError, isLive } from "cache-sim";
import type { Operation, Policy, PolicyKit, PolicyNode } from "cache-sim";

export const policy: Policy = {
  name: "read-one-write-all",
  summary: "a write waits for all owners of its key, a read asks the nearest one alone",
  promises: [
    "no-expired-hit",
    "replicas-converge",
    "operations-end",
    "audit-complete",
    "statistics-add-up",
    "bounds",
  ],
  faultBudget: { summary: "none: a write needs all owners", ownersLost: () => 0 },
  background: ["expiry", "health", "statistics", "repair"],
  durability: ["memory"],
  honoursDeadlines: true,
  hasFixedOwners: true,
  create,
};

function create(kit: PolicyKit): PolicyNode {
  const { self, clock, incarnation, placement, rpc, store } = kit;
  let lastCounter = 0;

  /** Nodes that leave pings unanswered come last. */
  function latencyMs(node: string): number {
    const info = kit.state.deref().nodes.get(node);
    return info === undefined ? 0 : info.consecutiveErrors * 10_000 + (info.avgLatencyMs ?? 1);
  }

  async function write(operation: Operation, value: string | null, expireAtMs: number): Promise<void> {
    const { key, number } = operation;
    // The newest version wins on every owner: the one with the latest time, as far as clocks are right.
    lastCounter = Math.max(lastCounter + 1, Math.floor(clock.now().wallMs));
    const version = { counter: lastCounter, node: self, incarnation };
    const record = { key, version, value, expireAtMs, operation: number };
    const targets = placement.ownersOf(key);
    const request = { type: "store", incarnation, request: rpc.nextRequest(), record } as const;
    operation.mayHaveHappened = true;
    const all = kit.gather(operation, { targets, needed: targets.length, request });
    if ((await all.ended) === "complete") return;
    throw new IndeterminateError(`not all owners of "${key}" have room for it`, all.answers());
  }

  return {
    set: (operation, value, ttlMs) => write(operation, value, operation.startedMs + ttlMs),
    delete: (operation) => write(operation, null, operation.startedMs),
    async get(operation) {
      const { key } = operation;
      const [nearest = self] = [...placement.ownersOf(key)].sort((a, b) => latencyMs(a) - latencyMs(b));
      const request = {
        type: "read",
        incarnation,
        request: rpc.nextRequest(),
        key,
        wants: "record",
      } as const;
      const one = kit.gather(operation, { targets: [nearest], needed: 1, request });
      await one.ended;
      const [reply] = one.replies;
      const record = reply?.type === "read-reply" ? reply.record : null;
      const wallMs = clock.now().wallMs + kit.clockSkewMs;
      if (record === null || record.value === null || !isLive(record, wallMs)) return null;
      const source = nearest === self ? "local" : "remote";
      return { value: record.value, source, version: formatVersion(record.version) };
    },
    answer(_from, asked) {
      const { request, incarnation: requester } = asked;
      const head = { incarnation, request, requester, known: kit.incarnations.restarted };
      if (asked.type === "store")
        return { type: "store-reply", ...head, isStored: store.apply(asked.record) };
      if (asked.type !== "read") return null;
      const record = store.get(asked.key) ?? null;
      return { type: "read-reply", ...head, version: null, record, isFull: false };
    },
  };
}
