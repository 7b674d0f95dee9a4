import { z } from "zod";
import type { FaultyCluster } from "../world/faults/fault-kind.ts";
import { faultSchema } from "../world/faults/index.ts";
import { latencySchema } from "../world/latency.ts";
import { networkSchema } from "../world/network-settings.ts";
import type { Data } from "./history.ts";

/**
 * A plan says exactly what happens in a run: the cluster, every operation, every fault, and the seed for what
 * is left (each message's delay, loss and order). `run` is a pure function of it, so a plan is at once the
 * replay of a failure, the thing that shrinking edits, and a regression test.
 *
 * All times are milliseconds of virtual time from the start, with at most three decimals (the kernel counts
 * whole microseconds).
 */

export const PLAN_FORMAT = "cache-sim/plan";
export const PLAN_VERSION = 1;

/** A point in virtual time or a duration: milliseconds, zero or more, at most 30 days. */
const millis = z.number().min(0).max(2_592_000_000);
const thresholdCount = z.number().int().min(1).max(1000);
const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "a name of letters, digits, '.', '_' or '-'");

const probability = z.number().min(0).max(1);

const INPUT_LENGTH_MAX = 65_536;

const callName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "a name of letters, digits, '_' and '-', a letter first");

const data: z.ZodType<Data> = z
  .json()
  .refine(
    (value) => JSON.stringify(value).length <= INPUT_LENGTH_MAX,
    `at most ${INPUT_LENGTH_MAX} characters`,
  );

export const planOperationSchema = z.strictObject({
  /** Stable name, by which choices are addressed; keep it when other operations are removed. */
  id: z.string().min(1).max(128),
  client: name,
  atMs: millis,
  /** Not before so long after the end of the client's operation before: as a client does that waits and thinks. */
  afterMs: millis.optional(),
  kind: z.enum(["get", "set", "delete", "compareAndSet", "touch", "getOrLoad", "call"]),
  key: z.string().min(1).max(1024),
  /** What a set, a compareAndSet or a loader writes; unique in the plan. */
  value: z.string().max(65_536).optional(),
  /** Of these, and of a touch, which needs one: how long the value may be served; without it, for ever. */
  ttlMs: millis.optional(),
  /** getOrLoad only: how long its loader takes; 0 by default. */
  loadMs: millis.optional(),
  /** call only: the operation of the system, and what it is called with. */
  f: callName.optional(),
  input: data.optional(),
});

export const planChangeSchema = z.strictObject({
  atMs: millis,
  add: z.array(name).max(1000).optional(),
  drain: z.array(name).max(1000).optional(),
  remove: z.array(name).max(1000).optional(),
});

export const planSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  version: z.literal(PLAN_VERSION),
  /** The scenario it was drawn from. */
  scenario: name,
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** Its name, or the path of a file of the user's own. */
  system: z.string().min(1).max(1024),
  policy: z.string().min(1).max(1024),
  cluster: z.strictObject({
    machines: z.array(name).min(1).max(1000),
    /** Those of the machines that are no members of the cluster at first. */
    spares: z.array(name).max(1000).optional(),
    replication: z.number().int().min(1),
    /** Where machines keep what they store; in memory by default. */
    durability: z.enum(["memory", "journal"]).optional(),
    /** In whose time values expire: by wall clocks (`absolute`, by default), or by monotonic ones. */
    ttlMode: z.enum(["absolute", "relative"]).optional(),
    /**
     * What the monotonic clocks of the machines' first lives show at the start; those of later lives begin at 0. Without
     * it there is one for all lives, and it begins at 0.
     */
    uptimesMs: z.record(name, millis).optional(),
    /** Each zone with its machines; none without it. */
    zones: z.record(name, z.array(name).min(1).max(1000)).optional(),
  }),
  /** The machines' disks; a sync takes 1 ms by default. */
  disk: z.strictObject({ sync: latencySchema }).optional(),
  network: networkSchema,
  clients: z.array(z.strictObject({ id: name, machine: name })).max(10_000),
  /** How long the system may take to answer an operation, with any result. */
  deadlineMs: millis.min(1),
  operations: z.array(planOperationSchema).max(1_000_000),
  faults: z.array(faultSchema).max(100_000),
  /** What an operator does about who belongs to the cluster, one after the other. */
  changes: z.array(planChangeSchema).max(1000).optional(),
  /** Of the scenario's kinds of faults: how much of each this seed took, 0 for what it left out. Told only. */
  swarm: z.record(name, probability).optional(),
  /** Detours in the system's code that are switched on until everything heals, and how often each is taken. */
  detours: z.record(z.string().min(1).max(128), probability).optional(),
  phases: z.strictObject({
    /** Until here faults may be active; then everything heals. */
    healMs: millis,
    /** Until here the system may take to recover; operations called later must see a recovered system. */
    settleMs: millis,
    endMs: millis,
  }),
  /**
   * What the system is told of its clocks: the errors of all wall clocks, over the whole run, lie within a band of
   * this width around the true time. 0 by default.
   */
  clockSkewMs: millis.optional(),
  /**
   * What the system is told of monotonic clocks, where values expire by them: by how many millionths their rates may
   * be wrong. 0 by default.
   */
  clockDriftPpm: z.number().min(0).max(200_000).optional(),
  /** How often and how long the system does things, by its own names for it; as usual where nothing is said. */
  timing: z.record(z.string().min(1).max(64), millis).optional(),
  /** After how many of something the system acts, by its own names for it; as usual where nothing is said. */
  thresholds: z.record(z.string().min(1).max(64), thresholdCount).optional(),
  /** Names of the invariants to check, or files of the user's own. */
  invariants: z.array(z.string().min(1).max(1024)).max(100),
  /** Choices made by hand: identity -> quantile in [0, 1). They win over the seed. */
  choices: z.record(z.string().max(1024), z.number().min(0).lt(1)).optional(),
  /** What becomes of all other choices: drawn from the seed, or each as mild as it can be (0). Drawn by default. */
  otherChoices: z.enum(["drawn", "mildest"]).optional(),
  /** How drawn delays are chosen, if not each by itself: by priorities of links, which change `depth` - 1 times. */
  strategy: z.strictObject({ kind: z.literal("pct"), depth: z.int().min(1).max(100) }).optional(),
  /** Why this plan is kept as a regression, and how it has to end. Nothing else depends on it. */
  regression: z
    .strictObject({
      story: z.string().min(1).max(4000),
      /** `fails` for a mistake that the harness must go on finding, `passes` for one that must stay fixed. */
      expected: z.enum(["fails", "passes"]),
      invariant: z.string().min(1).max(1024),
      /** How it failed when it was kept: each kind of operation that proved it, without names. */
      shape: z.array(z.string().max(1024)).min(1).max(100),
    })
    .optional(),
});

/** What of a plan decides what a fault destroys. */
export function clusterOf({ cluster }: Pick<Plan, "cluster">): FaultyCluster {
  return { machines: cluster.machines, durability: cluster.durability ?? "memory" };
}

export type Plan = z.infer<typeof planSchema>;
export type PlanRegression = NonNullable<Plan["regression"]>;
export type PlanOperation = z.infer<typeof planOperationSchema>;
export { callName as callNameSchema, name as nameSchema, thresholdCount };
