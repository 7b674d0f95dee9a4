/** Binds the cache to the harness. The only file that knows both. */
import {
  type Cache,
  CacheError,
  type CacheEvent,
  type CacheOptions,
  type CacheRecord,
  type CacheState,
  CRASHPOINTS,
  createAbsoluteTtlClock,
  createCache,
  createCodec,
  createPlacement,
  createRelativeTtlClock,
  DEFAULT_TIMING,
  DETOURS,
  edgeOf,
  HEALTH_CHANGES,
  type HealthThresholds,
  formatVersion,
  isForgotten,
  isLive,
  type Member,
  type Message,
  MESSAGE_TYPES,
  messageTypeOf,
  openCache,
  operationId,
  policies,
  type Policy,
  PROBES,
  REACH_NEEDS,
  slowestRate,
  type TtlMode,
  WireError,
  withoutStamp,
} from "../../src/index.ts";
import type { Millis } from "@phyxius/clock";
import { gaugesOf, STARTING, talliesOf } from "./cache-accounts.ts";
import { tellCache } from "./cache-words.ts";
import type { ReplicaEntry } from "../run/invariant.ts";
import { membersAtFirst, membersAtLast, type MembersChange } from "../run/members.ts";
import type { Plan } from "../run/plan.ts";
import { PolicyFileError } from "../run/policy-file.ts";
import { parsePolicy, policyName } from "../run/policy-text.ts";
import type { System, SystemNode } from "../run/system.ts";
import { perform } from "./cache-operations.ts";
import { checkPolicyModule } from "./policy-shape.ts";
import type { CheckedPeer, MachineEnv } from "../world/machine.ts";
import { stateIn } from "./cache-states.ts";
import { createSnapshots } from "./cache-snapshot.ts";

/** A plan's keys have up to 1024 characters, of up to three bytes each. */
const KEY_BYTES_MAX = 3072;
const FRAME_BYTES_MAX = 16_777_216;
/** The harness hears of every entry as it is written. What a node keeps besides outlives the young generation, and is
 * then garbage of the dear sort. */
const JOURNAL_ENTRIES_MAX = 100;
/** So little that the log on disk is rewritten a few times in most runs. */
const LOG_SLACK_BYTES = 1000;
const RESTART_MS = 100;
const CHANGE_DEADLINE_MS = 2500;

/** What a plan may set of `Timing`; the deadline is each operation's own. */
const TIMINGS = {
  retryMs: "After how long a silent replica is asked again.",
  expiryMs: "How often expired records are cleared away.",
  graceMs: "How long deleted and expired records are kept.",
  healthMs: "How often peers are asked whether they are there.",
  statisticsMs: "How often statistics are written down.",
  repairMs: "How often replicas are compared.",
} satisfies Partial<Record<keyof typeof DEFAULT_TIMING, string>>;

/** What a plan may set of the cache's `health`. */
const THRESHOLDS = {
  degradedAfter: "Pings without an answer that make a healthy node degraded.",
  unhealthyAfter: "Pings without an answer that make a node unhealthy.",
  suspectedAfter: "Pings without an answer after which another node leads what a node led.",
  healthyAfter: "Answers in a row that make a node healthy again.",
} satisfies Record<keyof HealthThresholds, string>;

export const cacheSystem: System = createCacheSystem(policies);

/** How a node is started. */
export interface Starts {
  readonly createCache: typeof createCache;
  readonly openCache: typeof openCache;
}

/** The cache with these policies to choose from, and started in the usual way unless another is given. */
export function createCacheSystem(
  choice: readonly Policy[],
  starts: Starts = { createCache, openCache },
): System {
  return {
    name: "cache",
    policies: choice,
    hooks: { detours: DETOURS, probes: PROBES, crashpoints: CRASHPOINTS, needs: REACH_NEEDS },
    processes: [...new Set(choice.flatMap(({ background }) => background))],
    boot: (machine, plan) => boot(machine, plan, policyOf(plan, choice), starts),
    describeFrame,
    messages: MESSAGE_TYPES,
    kindOf: messageTypeOf,
    stateChanges: HEALTH_CHANGES,
    timings: TIMINGS,
    thresholds: THRESHOLDS,
    tell: tellCache,
    owners(key, plan) {
      if (!policyOf(plan, choice).hasFixedOwners) return null;
      const { replication } = plan.cluster;
      return createPlacement({ nodes: membersAtLast(plan), replication, zones: zonesOf(plan) }).ownersOf(key);
    },
    withPolicy(file, module) {
      const checked = checkPolicyModule(module);
      if ("problem" in checked) throw new PolicyFileError(`${file}: ${checked.problem}`);
      return createCacheSystem([...choice, { ...checked.policy, name: file }], starts);
    },
  };
}

/** The zone of each machine. */
function zonesOf({ cluster }: Plan): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  for (const [zone, machines] of Object.entries(cluster.zones ?? {})) {
    for (const machine of machines) zones.set(machine, zone);
  }
  return zones;
}

function membersOf(plan: Plan, ids: readonly string[]): Member[] {
  const zones = zonesOf(plan);
  return ids.map((id) => ({ id, zone: zones.get(id) ?? null }));
}

function policyOf(plan: Plan, choice: readonly Policy[]): Policy {
  const wanted = policyName(plan.policy);
  const policy = choice.find(({ name }) => name === wanted);
  if (policy === undefined) {
    const names = choice.map(({ name }) => name).join(", ");
    throw new RangeError(`the cache has no policy "${plan.policy}"; it has ${names}`);
  }
  return policy;
}

function boot(machine: MachineEnv, plan: Plan, policy: Policy, starts: Starts): SystemNode {
  const { clock, incarnation } = machine;
  const timing = { ...DEFAULT_TIMING, ...plan.timing };
  const { clockSkewMs = 0, clockDriftPpm = 0 } = plan;
  const ttlMode = ttlModeOf(plan, policy);
  const ttl = ttlMode === "relative" ? createRelativeTtlClock(clock, 0) : createAbsoluteTtlClock(clock, 0);
  const graceMs =
    ttlMode === "relative" ? timing.graceMs / slowestRate(clockDriftPpm) : timing.graceMs + clockSkewMs;
  const options: CacheOptions = {
    transport: machine.network,
    clock,
    policy,
    members: membersOf(plan, membersAtFirst(plan)),
    policyOptions: parsePolicy(plan.policy)?.parameters,
    replication: plan.cluster.replication,
    incarnation,
    ttlMode,
    clockSkewMs,
    clockDriftPpm,
    ...(plan.timing !== undefined && { timing }),
    health: plan.thresholds,
    start: incarnation === 1 ? "new" : "rejoin",
    random: () => machine.random(),
    hooks: machine.hooks,
    limits: {
      keyBytesMax: KEY_BYTES_MAX,
      journalEntriesMax: JOURNAL_ENTRIES_MAX,
      logSlackBytes: LOG_SLACK_BYTES,
    },
    onEvent: (event) => {
      const { type, operation } = event;
      const amount = type === "cache.cleanup.completed" ? event.evictions : undefined;
      machine.journal({
        type,
        operation,
        edge: edgeOf(type),
        amount,
        data: event,
        checked: checkedIn(event),
        becomes: stateIn(event),
      });
    },
  };
  const fingerprintOf = policy.hasFixedOwners
    ? (record: CacheRecord) => fingerprint(record, ttlMode)
    : ({ value }: CacheRecord) => String(value);
  const replicas = (cache: Cache) =>
    replicasOf(cache.getStateSnapshot(), ttl.nowMs(), graceMs, fingerprintOf);
  if (plan.cluster.durability === "journal" && policy.durability.includes("journal")) {
    return bootFromDisk(machine, options, plan, starts, replicas);
  }
  const cache = starts.createCache(options);
  return {
    perform: (request) => perform(cache, clock, request),
    administer: (change) => administer(cache, plan, change),
    processes: () => cache.background.names,
    kill: (process) => cache.background.fail(process),
    replicas: () => replicas(cache),
    tallies: () => talliesOf(cache),
    gauges: () => gaugesOf(cache),
    snapshot: createSnapshots(() => cache.getStateSnapshot()),
  };
}

/** A policy that knows only wall clocks uses them all the same. */
function ttlModeOf({ cluster }: Plan, { ttlModes = ["absolute"] }: Policy): TtlMode {
  const { ttlMode = "absolute" } = cluster;
  return ttlModes.includes(ttlMode) ? ttlMode : "absolute";
}

function checkedIn(event: CacheEvent): CheckedPeer[] | undefined {
  if (event.type !== "cache.health_check.completed") return undefined;
  return event.nodes.map(({ nodeId, latencyMs, status, avgLatencyMs }) => {
    return { peer: nodeId, latencyMs, status, meanMs: avgLatencyMs };
  });
}

/** Reads the disk first, as a service does before it listens; whoever asks meanwhile is sent away. */
function bootFromDisk(
  { clock, disk }: MachineEnv,
  options: CacheOptions,
  plan: Plan,
  starts: Starts,
  replicas: (cache: Cache) => ReplicaEntry[],
): SystemNode {
  let cache: Cache | null = null;

  async function open(): Promise<void> {
    for (;;) {
      try {
        // Whoever puts in another disk knows that there was a journal on the last one.
        const start = disk.number === 1 ? "new" : "rejoin";
        cache = await starts.openCache({ ...options, durability: "journal", disk, start });
        return;
      } catch (error) {
        if (error instanceof CacheError) throw error;
        // The process ends, since the disk cannot be written, and its supervisor starts it again.
        await clock.sleep(RESTART_MS as Millis);
      }
    }
  }

  void open();
  return {
    async perform(request) {
      if (cache === null) return { result: "fail", value: null, error: STARTING };
      return perform(cache, clock, request);
    },
    async administer(change) {
      return cache === null ? STARTING : administer(cache, plan, change);
    },
    processes: () => cache?.background.names ?? [],
    kill: (process) => cache?.background.fail(process),
    replicas: () => (cache === null ? [] : replicas(cache)),
    tallies: () => (cache === null ? [] : talliesOf(cache)),
    gauges: () => (cache === null ? [] : gaugesOf(cache)),
    snapshot: createSnapshots(() => cache?.getStateSnapshot() ?? null),
  };
}

/** As an operator's tool does that may be run again: asks for what is not so already. */
async function administer(
  cache: Cache,
  plan: Plan,
  { add, drain, remove }: MembersChange,
): Promise<string | null> {
  const { members, previous } = cache.members();
  const isMember = (machine: string): boolean => members.some(({ id }) => id === machine);
  const change = {
    add: membersOf(
      plan,
      add.filter((machine) => !isMember(machine)),
    ),
    drain: drain.filter(isMember),
    remove: remove.filter(isMember),
  };
  if (change.add.length + change.drain.length + change.remove.length === 0) {
    return previous === null ? null : "under way";
  }
  try {
    await cache.changeMembers(change, { deadlineMs: CHANGE_DEADLINE_MS });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function replicasOf(
  state: CacheState,
  nowMs: number,
  graceMs: number,
  fingerprintOf: (record: CacheRecord) => string,
): ReplicaEntry[] {
  const entries: ReplicaEntry[] = [];
  for (const record of state.records.values()) {
    // What is past its grace counts as absent for the cache too, whenever it is cleared away.
    if (isForgotten(record, nowMs, graceMs)) continue;
    if (record.value !== null && !isLive(record, nowMs)) continue;
    entries.push(replicaEntry(record, fingerprintOf(record)));
  }
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Machines that say in their own time when a record expires all say something else. */
function fingerprint({ version, value, expireAtMs }: CacheRecord, ttlMode: TtlMode): string {
  const content = `${formatVersion(version)} ${value ?? "deleted"}`;
  return ttlMode === "relative" ? content : `${content} until ${expireAtMs}`;
}

function replicaEntry({ key, value }: CacheRecord, fingerprint: string): ReplicaEntry {
  return { key, fingerprint, value: value === null ? null : (JSON.parse(value) as string) };
}

/** One for all frames: making one takes longer than reading a frame. */
const tracedFrames = createCodec({ frameBytesMax: FRAME_BYTES_MAX });

function describeFrame(frame: Uint8Array): unknown {
  try {
    return describeMessage(tracedFrames.decode(withoutStamp(frame)));
  } catch (error) {
    const problem = error instanceof WireError ? error.message : String(error);
    return { garbage: Buffer.from(frame.subarray(0, 16)).toString("hex"), problem };
  }
}

/** Versions and operations in one word each, records flat, and nothing that says nothing. */
function describeMessage(message: Message): object {
  const fields: Readonly<Record<string, unknown>> = { ...message };
  const described: Record<string, unknown> = { type: message.type };
  for (const name of Object.keys(message)) {
    if (name === "type") continue;
    const value = fields[name];
    if (name === "known" && Array.isArray(value) && value.length === 0) continue;
    if (name === "record" && value !== null) described["record"] = describeRecord(value as CacheRecord);
    else if (name === "newer") described["newer"] = formatVersion(value as CacheRecord["version"]);
    else if (name === "records") described["records"] = (value as CacheRecord[]).map(describeRecord);
    else if (name === "version" && value !== null) {
      described["version"] = formatVersion(value as CacheRecord["version"]);
    } else if (name === "held") {
      described["held"] = (value as Pick<CacheRecord, "key" | "version">[]).map(
        ({ key, version }) => `${key} ${formatVersion(version)}`,
      );
    } else described[name] = value;
  }
  return described;
}

function describeRecord({ key, version, value, expireAtMs, operation }: CacheRecord): object {
  return {
    key,
    version: formatVersion(version),
    value,
    expireAtMs,
    operation: operationId(version.node, version.incarnation, operation),
  };
}
