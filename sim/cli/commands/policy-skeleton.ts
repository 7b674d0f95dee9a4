/** The text that `init policy` writes: a policy that works, with what a reader needs to go on from it. */
export function policySkeleton(name: string): string {
  return `/**
 * A replication policy. Run it, break it, read what broke:
 *
 *     npx cache-sim run calm --policy ./${name}.ts
 *     npx cache-sim run --policy ./${name}.ts --seeds 1..100
 *
 * This one keeps each key on the first of its owners alone, which puts writes in order as they come. Two things to
 * find out and to mend: the key is lost with its owner, and a write that the network repeats is done twice.
 * Time comes from \`kit.clock\` and other nodes from \`kit.gather\` or \`kit.rpc\` only: what touches Date, Math.random or
 * a timer ends the run with the file and line.
 */
import { formatVersion, isLive, StoreFullError, UnavailableError } from "cache-sim";
import type { DataRequest, Operation, Policy, PolicyKit, PolicyNode, ReplyMessage } from "cache-sim";

export const policy: Policy = {
  name: "${name}",
  summary: "each key on the first of its owners alone",
  // The invariants that it must never break. \`npx cache-sim list\` shows them all; what is left out is measured.
  promises: ["no-expired-hit", "operations-end", "audit-complete", "statistics-add-up", "bounds"],
  faultBudget: { summary: "none: the only copy of a key is lost with its node", ownersLost: () => 0 },
  // Done by the cache: clearing away, pings, statistics. "repair" would make all owners of a key equal.
  background: ["expiry", "health", "statistics"],
  durability: ["memory"],
  honoursDeadlines: true,
  // True when every owner that \`kit.placement\` names holds a copy of the key.
  hasFixedOwners: false,
  create,
};

/** Called once in each life of a node. What it keeps in variables is lost in a crash, as everything in memory is. */
function create(kit: PolicyKit): PolicyNode {
  const { self, clock, incarnation, placement, rpc, store } = kit;

  /** Asks one node, again and again while the operation lasts, and answers for this node itself. */
  async function ask(operation: Operation, request: DataRequest): Promise<ReplyMessage> {
    const [owner = self] = placement.ownersOf(operation.key);
    const gather = kit.gather(operation, { targets: [owner], needed: 1, request });
    const end = await gather.ended;
    const [reply] = gather.replies;
    if (end === "refused") throw new StoreFullError(\`\${owner} has no room for "\${operation.key}"\`);
    if (reply === null || reply === undefined)
      throw new UnavailableError(\`\${owner} said nothing\`, gather.answers());
    return reply;
  }

  async function write(operation: Operation, value: string | null, expireAtMs: number): Promise<void> {
    const { key, number } = operation;
    // The owner counts.
    const version = { counter: 0, node: self, incarnation };
    const record = { key, version, value, expireAtMs, operation: number };
    // From here on a failure means "it may have happened".
    operation.mayHaveHappened = true;
    await ask(operation, { type: "store", incarnation, request: rpc.nextRequest(), record });
  }

  return {
    set: (operation, value, ttlMs) => write(operation, value, operation.startedMs + ttlMs),
    // A delete is a write of a tombstone, which keeps older copies from coming back.
    delete: (operation) => write(operation, null, operation.startedMs),
    async get(operation) {
      const { key } = operation;
      const reply = await ask(operation, {
        type: "read",
        incarnation,
        request: rpc.nextRequest(),
        key,
        wants: "record",
      });
      const record = reply.type === "read-reply" ? reply.record : null;
      // After the last wait, since the value may have expired on its way; early by what clocks may be wrong.
      const wallMs = clock.now().wallMs + kit.clockSkewMs;
      if (record === null || record.value === null || !isLive(record, wallMs)) return null;
      const source = placement.ownersOf(key)[0] === self ? "local" : "remote";
      return { value: record.value, source, version: formatVersion(record.version) };
    },
    /** What this node says to another, or to itself. Messages of your own have the type "policy". */
    answer(_from, asked) {
      const { request, incarnation: requester } = asked;
      const head = { incarnation, request, requester, known: kit.incarnations.restarted };
      if (asked.type === "store") {
        const { record } = asked;
        // A store keeps the newest version of each key, so the next one must be higher.
        const counter = (store.get(record.key)?.version.counter ?? 0) + 1;
        const isStored = store.apply({ ...record, version: { ...record.version, counter } });
        return { type: "store-reply", ...head, isStored };
      }
      if (asked.type !== "read") return null;
      const record = store.get(asked.key) ?? null;
      return { type: "read-reply", ...head, version: null, record, isFull: false };
    },
  };
}
`;
}
