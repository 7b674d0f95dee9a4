import type { Clock } from "@phyxius/clock";
import type { Journal } from "@phyxius/journal";
import type { Disk } from "./durable/disk.ts";
import { type Configuration, firstConfiguration, type Member } from "./membership/configuration.ts";
import type { Eviction } from "./local/eviction.ts";
import { InvalidArgumentError } from "./errors.ts";
import type { CacheEvent } from "./observe/events.ts";
import { DEFAULT_HEALTH, type HealthThresholds } from "./observe/node-health.ts";
import { hashText, mix32 } from "./hash.ts";
import type { Hooks } from "./hooks.ts";
import { abd } from "./policies/abd.ts";
import { type PolicyParameters, resolveParameters } from "./policies/parameters.ts";
import type { Policy } from "./policies/policy.ts";
import type { Transport } from "./transport/transport.ts";
import { slowestRate, type TtlMode } from "./ttl/ttl-clock.ts";

/** How much a cache takes. Sizes count the UTF-8 bytes of a key, and of a value's JSON text. */
export interface Limits {
  /** With eviction, of records with a value. */
  readonly recordsMax: number;
  /** Of records without one, besides: what deletes and evictions leave behind. Only with eviction. */
  readonly stubsMax: number;
  readonly keyBytesMax: number;
  readonly valueBytesMax: number;
  readonly ttlMsMax: number;
  /** Entries that the journal keeps, the newest. */
  readonly journalEntriesMax: number;
  /** How much longer the log on disk may be than twice what was live in it when it was rewritten last. */
  readonly logSlackBytes: number;
  /** Records kept for owners that did not confirm them, for all owners together. */
  readonly hintsMax: number;
}

/** How often and how long, in whole milliseconds. */
export interface Timing {
  /** How long an operation may take when it does not say so itself. */
  readonly deadlineMs: number;
  /** After how long a silent replica is asked again, the first time; then after twice as long, and so on. */
  readonly retryMs: number;
  /** The longest that such a wait gets. */
  readonly retryMsMax: number;
  readonly expiryMs: number;
  /**
   * How long deleted and expired records are kept, at least; where keys have owners, until each of them has held them,
   * and an operation asks replicas for nothing after a quarter of it.
   */
  readonly graceMs: number;
  readonly healthMs: number;
  readonly statisticsMs: number;
  readonly repairMs: number;
  /** How far ahead of this node's wall clock the stamp of a write may be; beyond `clockSkewMs`, which is added. */
  readonly stampAheadMs: number;
}

/** Copies of values that other nodes own, for reading without asking anybody. */
export interface NearCopiesOptions {
  /**
   * How long after a write was acknowledged a copy of what it replaced may still be read here, at most, in whole
   * milliseconds; 1000 by default.
   */
  readonly staleMsMax?: number | undefined;
  /** How many copies, those used last; 10,000 by default. */
  readonly recordsMax?: number | undefined;
}

export type Durability = "memory" | "journal";

export interface CacheOptions {
  /** Reaches the other nodes, and knows this one's name. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** `abd` by default. */
  readonly policy?: Policy | undefined;
  /** The policy's parameters, by name: see its `parameters`. The usual ones by default. */
  readonly policyOptions?: PolicyParameters | undefined;
  /**
   * `memory`: a crash loses what this node holds. `journal`: what it confirmed survives a crash, on `disk`; open
   * the cache with `openCache`, and choose a policy that can do it. `memory` by default.
   */
  readonly durability?: Durability | undefined;
  /** Where the journal is kept, for this node alone. */
  readonly disk?: Disk | undefined;
  /**
   * The nodes that form the cluster when it is first started, with their zones; the same for every node. All nodes of
   * the transport by default, without zones. Once members were changed, nodes tell each other; see `changeMembers`.
   */
  readonly members?: readonly (string | Member)[] | undefined;
  /** Owners of each key, N; 3 by default, or all first members when there are fewer. */
  readonly replication?: number | undefined;
  /**
   * Which life of this node, counted from 1: higher at every start than at any before. Nodes tell each other's
   * lives apart by it. 1 by default; with a journal, one more than it says.
   */
  readonly incarnation?: number | undefined;
  /**
   * `new`: this node never stored anything that others may count on. `rejoin`: an earlier life did, and its memory
   * is lost, so it must catch up before it votes. `new` by default. With a journal it says what a disk without one
   * means; a journal that is there speaks for itself.
   */
  readonly start?: "new" | "rejoin" | undefined;
  /** Takes the audit log. By default one of its own, bounded by `limits.journalEntriesMax`. */
  readonly journal?: Journal<CacheEvent> | undefined;
  /** Uniform in [0, 1): spreads background work over time. By default derived from the node's name. */
  readonly random?: (() => number) | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly timing?: Partial<Timing> | undefined;
  /** When a node that does not answer pings, or does again, is taken for degraded, unhealthy, gone or healthy. */
  readonly health?: Partial<HealthThresholds> | undefined;
  /**
   * In whose time values expire; the same on all nodes. `absolute`, the default: by wall clocks, which must be right
   * within `clockSkewMs`. `relative`: by each node's monotonic clock, of which only the rate must be right, within
   * `clockDriftPpm`; wall clocks may show anything. Not with a journal: nobody knows how long the power was off.
   */
  readonly ttlMode?: TtlMode | undefined;
  /**
   * How wrong wall clocks may be, in milliseconds: the errors of all nodes' clocks, at all times, lie within a band
   * of this width. A value then expires so much earlier on the clock of whoever serves it, so that it is never
   * served too late, and up to twice as much too early. With `ttlMode: "relative"` only the stamps of the policy
   * `quorum` depend on it. 0 by default.
   */
  readonly clockSkewMs?: number | undefined;
  /**
   * By how many millionths the rate of a monotonic clock may be wrong. Only with `ttlMode: "relative"`. 1000 by
   * default: more than a bad quartz and a time service that corrects it come to.
   */
  readonly clockDriftPpm?: number | undefined;
  /**
   * What a replica does when it is full: `refuse` new keys (the default), or give up the value used longest ago
   * (`lru`). A value that was evicted is a miss, or not, depending on who is asked; never an older value. The same on
   * all nodes.
   */
  readonly eviction?: Eviction | undefined;
  /** None by default. Reading then is no longer linearizable, but stale by a stated bound at most. */
  readonly nearCopies?: NearCopiesOptions | undefined;
  /** How long a value may be served unless the call says otherwise, in milliseconds; five minutes by default. */
  readonly defaultTtlMs?: number | undefined;
  /**
   * By which share of itself a time to live is shortened at most, drawn from `random`: what is written together then
   * does not expire together. 0 (by default) to 1.
   */
  readonly ttlJitter?: number | undefined;
  /** Told of every entry of the audit log as it is written. What it throws is dropped. */
  readonly onEvent?: ((event: CacheEvent) => void) | undefined;
  /** For simulations only. */
  readonly hooks?: Hooks | undefined;
}

/** How long a value may be served unless `set` or the options say otherwise: five minutes. */
export const DEFAULT_TTL_MS = 300_000;

const DEFAULT_REPLICATION = 3;

export const DEFAULT_CLOCK_DRIFT_PPM = 1000;
/** A fifth. */
const CLOCK_DRIFT_PPM_MAX = 200_000;

export const DEFAULT_LIMITS: Limits = {
  recordsMax: 100_000,
  stubsMax: 1_000_000,
  keyBytesMax: 1024,
  valueBytesMax: 1_048_576,
  ttlMsMax: 315_360_000_000,
  journalEntriesMax: 10_000,
  logSlackBytes: 1_048_576,
  hintsMax: 10_000,
};

export const DEFAULT_TIMING: Timing = {
  deadlineMs: 1000,
  retryMs: 100,
  retryMsMax: 400,
  expiryMs: 5000,
  graceMs: 3_600_000,
  healthMs: 2000,
  statisticsMs: 10_000,
  repairMs: 1000,
  stampAheadMs: 500,
};

const HEALTH_COUNT_MAX = 1_000_000;

/** Timers take no longer waits. */
const TIMING_MS_MAX = 2_147_483_647;

export interface ResolvedOptions {
  readonly replication: number;
  readonly configuration: Configuration;
  readonly incarnation: number;
  readonly mustCatchUp: boolean;
  readonly parameters: PolicyParameters;
  readonly limits: Limits;
  /** The grace is longer by what clocks may be wrong, so that by the true time it is never shorter than asked for. */
  readonly timing: Timing;
  readonly health: HealthThresholds;
  readonly clockSkewMs: number;
  readonly ttlMode: TtlMode;
  readonly clockDriftPpm: number;
  readonly random: () => number;
  readonly defaultTtlMs: number;
  readonly ttlJitter: number;
  readonly nearCopies: ResolvedNearCopies | null;
  readonly eviction: Eviction;
  /** The audit log is the node's own, and not one that it was given. */
  readonly ownsJournal: boolean;
}

export type ResolvedNearCopies = { readonly [Name in keyof NearCopiesOptions]-?: number };

/** Fills in the defaults. Throws `InvalidArgumentError` that names the option and what it should be. */
export function resolveOptions(options: CacheOptions): ResolvedOptions {
  const { transport, start = "new", incarnation = 1 } = options;
  if (transport.peers.includes(transport.self)) {
    throw invalid("transport.peers", transport.self, "every node but this one");
  }
  if (new Set(transport.peers).size !== transport.peers.length) {
    throw invalid("transport.peers", transport.peers.join(), "every other node once");
  }
  const members = requireMembers(options);
  const { replication = Math.min(DEFAULT_REPLICATION, members.length) } = options;
  requireWhole("replication", replication, 1, members.length);
  requireWhole("incarnation", incarnation, 1, Number.MAX_SAFE_INTEGER);
  if (start !== "new" && start !== "rejoin") throw invalid("start", start, '"new" or "rejoin"');
  if (start === "rejoin" && incarnation === 1) {
    throw invalid("incarnation", incarnation, "2 or more for a node that rejoins: its first life is over");
  }
  const parameters = resolveParameters(options.policy ?? abd, replication, options.policyOptions);
  const limits = withDefaults("limits", DEFAULT_LIMITS, options.limits, Number.MAX_SAFE_INTEGER);
  const { clockSkewMs = 0 } = options;
  if (!(clockSkewMs >= 0 && clockSkewMs <= TIMING_MS_MAX)) {
    throw invalid("clockSkewMs", clockSkewMs, `a number from 0 to ${TIMING_MS_MAX}`);
  }
  const ttlMode = requireTtlMode(options);
  const { clockDriftPpm = DEFAULT_CLOCK_DRIFT_PPM } = options;
  if (!(clockDriftPpm >= 0 && clockDriftPpm <= CLOCK_DRIFT_PPM_MAX)) {
    throw invalid("clockDriftPpm", clockDriftPpm, `a number from 0 to ${CLOCK_DRIFT_PPM_MAX}`);
  }
  const given = withDefaults("timing", DEFAULT_TIMING, options.timing, TIMING_MS_MAX);
  const timing = {
    ...given,
    graceMs:
      ttlMode === "absolute"
        ? given.graceMs + clockSkewMs
        : Math.ceil(given.graceMs / slowestRate(clockDriftPpm)),
    stampAheadMs: given.stampAheadMs + clockSkewMs,
  };
  const random = options.random ?? createNamedRandom(transport.self);
  const mustCatchUp = start === "rejoin";
  const { eviction = "refuse" } = options;
  if (eviction !== "refuse" && eviction !== "lru") throw invalid("eviction", eviction, '"refuse" or "lru"');
  const nearCopies = resolveNearCopies(options);
  const { defaultTtlMs = Math.min(DEFAULT_TTL_MS, limits.ttlMsMax), ttlJitter = 0 } = options;
  if (!(defaultTtlMs > 0 && defaultTtlMs <= limits.ttlMsMax)) {
    throw invalid(
      "defaultTtlMs",
      defaultTtlMs,
      `a number above 0, at most ${limits.ttlMsMax} (limits.ttlMsMax)`,
    );
  }
  if (!(ttlJitter >= 0 && ttlJitter <= 1)) throw invalid("ttlJitter", ttlJitter, "a number from 0 to 1");
  return {
    replication,
    configuration: firstConfiguration(members),
    incarnation,
    mustCatchUp,
    parameters,
    limits,
    timing,
    health: withDefaults("health", DEFAULT_HEALTH, options.health, HEALTH_COUNT_MAX),
    clockSkewMs,
    ttlMode,
    clockDriftPpm,
    random,
    defaultTtlMs,
    ttlJitter,
    nearCopies,
    eviction,
    ownsJournal: options.journal === undefined,
  };
}

function requireMembers({ transport, members }: CacheOptions): readonly Member[] {
  const known = [transport.self, ...transport.peers];
  if (members === undefined) return known.map((id) => ({ id, zone: null }));
  const listed = members.map((member) => (typeof member === "string" ? { id: member, zone: null } : member));
  const names = listed.map(({ id }) => id);
  const stranger = names.find((id) => !known.includes(id));
  if (stranger !== undefined) throw invalid("members", stranger, "nodes that the transport knows");
  if (names.length === 0 || new Set(names).size < names.length) {
    throw invalid("members", names.join(), "every member once, and one at least");
  }
  return listed;
}

function resolveNearCopies({ nearCopies, policy }: CacheOptions): ResolvedNearCopies | null {
  if (nearCopies === undefined) return null;
  if (policy !== undefined && policy.acknowledgedBy === undefined) {
    const expected = "none: without versions and fixed owners nobody can tell when a copy is outdated";
    throw invalid("nearCopies", `some, with the policy ${policy.name}`, expected);
  }
  const { staleMsMax = 1000, recordsMax = 10_000 } = nearCopies;
  requireWhole("nearCopies.staleMsMax", staleMsMax, 1, TIMING_MS_MAX);
  requireWhole("nearCopies.recordsMax", recordsMax, 1, Number.MAX_SAFE_INTEGER);
  return { staleMsMax, recordsMax };
}

function withDefaults<T extends { readonly [name in keyof T]: number }>(
  group: string,
  defaults: T,
  given: Partial<T> | undefined,
  max: number,
): T {
  const resolved = { ...defaults };
  for (const name of Object.keys(given ?? {}) as (keyof T & string)[]) {
    const value = given?.[name];
    if (value === undefined) continue;
    if (!(name in defaults)) {
      throw invalid(`${group}.${name}`, value, `one of ${Object.keys(defaults).join(", ")}`);
    }
    requireWhole(`${group}.${name}`, value, 1, max);
    resolved[name] = value;
  }
  return resolved;
}

function requireWhole(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
  throw invalid(name, value, `a whole number from ${min} to ${max}`);
}

function requireTtlMode({ ttlMode = "absolute", policy = abd, durability }: CacheOptions): TtlMode {
  if (ttlMode !== "absolute" && ttlMode !== "relative") {
    throw invalid("ttlMode", ttlMode, '"absolute" or "relative"');
  }
  const { name, ttlModes = ["absolute"] } = policy;
  if (!ttlModes.includes(ttlMode)) {
    throw invalid("ttlMode", ttlMode, `${ttlModes.join(" or ")}, as the policy ${name} can`);
  }
  if (ttlMode === "relative" && durability === "journal") {
    const expected =
      '"absolute" beside durability "journal": after a crash no monotonic clock can tell how long the node was down';
    throw invalid("ttlMode", ttlMode, expected);
  }
  return ttlMode;
}

/** Throws `InvalidArgumentError` when the journal's options do not fit each other or the policy. */
export function requireDurability({ durability = "memory", disk, policy }: CacheOptions): Durability {
  if (durability !== "memory" && durability !== "journal") {
    throw invalid("durability", durability, '"memory" or "journal"');
  }
  if (durability === "memory" && disk !== undefined) {
    throw invalid("durability", durability, '"journal" beside the option disk');
  }
  if (durability === "journal" && disk === undefined) {
    throw invalid("disk", disk, 'a disk beside durability "journal", such as createFileDisk(folder)');
  }
  if (policy !== undefined && !policy.durability.includes(durability)) {
    throw invalid(
      "durability",
      durability,
      `${policy.durability.join(" or ")}, as the policy ${policy.name} can`,
    );
  }
  return durability;
}

export function invalid(name: string, value: unknown, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(
    "invalid-options",
    `option ${name}: expected ${expected}, got ${String(value)}`,
  );
}

/** A stream of numbers that differs from node to node and is the same at every start. */
function createNamedRandom(name: string): () => number {
  const seed = hashText(name);
  let drawn = 0;
  return () => mix32(seed + ++drawn) / 4_294_967_296;
}
