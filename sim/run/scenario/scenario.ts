import { z } from "zod";
import { type AnyFaultKind, faultKind, faultKinds } from "../../world/faults/index.ts";
import { count, countRange, duration, durationRange, share, shareRange } from "../../world/quantity.ts";
import type { Range } from "../../world/quantity-text.ts";
import { nameSchema, thresholdCount } from "../plan.ts";
import { strategyProblem } from "../strategy.ts";
import type { Mistake } from "../suggest.ts";
import { scenarioLatency } from "./scenario-latency.ts";
import { scenarioNetwork } from "./scenario-network.ts";
import { scenarioPopularity } from "./scenario-popularity.ts";
import { scenarioTrace, type ScenarioTrace } from "./scenario-trace.ts";
import { profileProblem, workloadProfile } from "./workload-profiles.ts";

/**
 * A scenario says what may happen: the cluster, the network, what clients do, and which faults may occur how
 * often and for how long. A seed turns it into a plan, which says what does happen.
 *
 * Everything but a name and a story has a default. Quantities are written with their units (`20ms`, `5%`,
 * `1..3`) and parsed here, so that code only sees milliseconds and shares.
 */

const nameList = (what: string, item: z.ZodType<string>, most: number) =>
  z
    .union([count, z.array(item).min(1).max(most)], {
      error: ({ input }) =>
        typeof input === "number"
          ? `expected a whole number of ${what}, at most ${most}`
          : `expected a number of ${what} or a list of their names`,
    })
    .describe(`How many ${what}, or a list of their names.`);

function namesFrom(input: number | readonly string[], prefix: string): string[] {
  if (typeof input !== "number") return [...input];
  return Array.from({ length: input }, (_, i) => `${prefix}${i + 1}`);
}

const REPLICATION_USUAL = 3;

/** Leaves room for the names of clients that are made from it. */
const MACHINE_NAME_MAX = 50;

const machineName = nameSchema.max(MACHINE_NAME_MAX);

const zones = z
  .union([count, z.record(nameSchema, z.array(machineName).min(1).max(1000))], {
    error: "expected a number of zones or a mapping of their names to their machines",
  })
  .describe(
    "Rooms or data centres: how many, with the machines dealt to z1, z2, ... in turn, or which in which.",
  );

const cluster = z
  .strictObject({
    machines: nameList("machines", machineName, 1000).prefault(3),
    spares: nameList("spares", machineName, 1000)
      .prefault(0)
      .describe(
        "Further machines, which are up and no members of the cluster until a change adds them: how many, named s1, " +
          "s2, ..., or their names.",
      ),
    zones: zones.optional(),
    replication: count
      .optional()
      .describe("How many machines hold each key. Default: 3, or every machine when there are fewer."),
    durability: z
      .enum(["memory", "journal"])
      .default("memory")
      .describe(
        "Where machines keep what they store: a journal on disk survives a crash. Policies that cannot keep one " +
          "run in memory all the same.",
      ),
    ttlMode: z
      .enum(["absolute", "relative"])
      .default("absolute")
      .describe(
        "In whose time values expire: that of wall clocks, right within budget.clockSkew, or that of monotonic " +
          "clocks, right in their rates within budget.clockDrift. Policies that only know the first use it all the same.",
      ),
  })
  .transform((input) => {
    const members = namesFrom(input.machines, "n");
    const spares = namesFrom(input.spares, "s");
    const machines = [...members, ...spares];
    return {
      machines,
      spares,
      ...(input.zones !== undefined && { zones: zonesFrom(input.zones, machines) }),
      replication: input.replication ?? Math.min(REPLICATION_USUAL, members.length),
      durability: input.durability,
      ttlMode: input.ttlMode,
    };
  });

/** More zones than machines leave some empty, which is refused later. */
function zonesFrom(
  input: number | Record<string, string[]>,
  machines: readonly string[],
): Record<string, string[]> {
  if (typeof input !== "number") return input;
  const zoneCount = Math.min(input, machines.length + 1);
  return Object.fromEntries(
    Array.from({ length: zoneCount }, (_, zone) => [
      `z${zone + 1}`,
      machines.filter((_machine, index) => index % zoneCount === zone),
    ]),
  );
}

const change = z
  .strictObject({
    add: z.array(machineName).min(1).max(1000).optional().describe("Spares that become members."),
    drain: z.array(machineName).min(1).max(1000).optional().describe("Members that are up and leave."),
    remove: z
      .array(machineName)
      .min(1)
      .max(1000)
      .optional()
      .describe("Members that are down, or might as well be, and do not come back."),
    at: durationRange
      .optional()
      .describe(
        "When it is begun, or as soon as the change before is complete. Default: in the first half of the safety phase.",
      ),
  })
  .describe("What an operator does about who belongs to the cluster.");

const disk = z
  .strictObject({
    sync: scenarioLatency
      .prefault({ kind: "constant", delay: "1ms" })
      .describe("How long a disk takes to make safe what was written."),
  })
  .describe("The machines' disks, of which only a journal makes use.");

const weight = z.number().min(0).max(1_000_000);

const mix = z.strictObject({
  get: weight.default(0),
  set: weight.default(0),
  delete: weight.default(0),
  compareAndSet: weight
    .default(0)
    .describe(
      "Replaces the value that the client met last, if it is still there; a client that knows none looks.",
    ),
  touch: weight
    .default(0)
    .describe("Lets the present value live longer: needs `ttl`, from which its time is drawn."),
  getOrLoad: weight.default(0).describe("Reads, and calls a loader when there is nothing."),
});

const ttl = z.strictObject({
  lasts: durationRange.describe("How long a value may be served."),
  share: share
    .prefault(1)
    .describe("Share of the values written that have a time to live at all. Touches always have one."),
  aimed: share
    .prefault("50%")
    .describe("Share of those that end just when the clients act at once, so that reads meet the expiry."),
});

/** A check of a text, of which a problem says what is expected and perhaps what was meant. */
function checkedBy(problemOf: (text: string) => Mistake | null): z.core.CheckFn<string> {
  return ({ value, issues }) => {
    const problem = problemOf(value);
    if (problem === null) return;
    const { expected, suggestion } = problem;
    issues.push({ code: "custom", message: `expected ${expected}`, params: { suggestion }, input: value });
  };
}

const workload = z.strictObject({
  clients: count.prefault(4).describe("How many clients, bound to the machines in turn."),
  operations: count.prefault(25).describe("How many operations each client does."),
  keys: nameList("keys", z.string().min(1).max(1024), 10_000).prefault(3),
  like: z
    .string()
    .check(checkedBy(profileProblem))
    .optional()
    .describe(
      "A workload that was seen in production, such as twitter/cluster52: its mix and its popularity, unless they are given.",
    ),
  mix: mix
    .optional()
    .describe(
      "How often each kind of operation is chosen, in proportion to the others; get 5, set 4, delete 1 without it. " +
        "A policy that cannot do one refuses it.",
    ),
  popularity: scenarioPopularity.optional(),
  trace: scenarioTrace.optional(),
  think: durationRange
    .optional()
    .describe(
      "How long a client waits between an answer and its next operation: a closed loop. Without it, clients act at " +
        "given times, though one that still waits for an answer acts late.",
    ),
  gap: durationRange
    .optional()
    .describe(
      "Time from one round of operations to the next; in each round every client acts once. " +
        "Default: the rounds spread evenly over the safety phase and half of the settle phase.",
    ),
  bursts: share
    .prefault("30%")
    .describe("Share of rounds in which all clients act within a few message delays of each other."),
  ttl: ttl.optional().describe("Values that expire. Default: none does."),
  loads: durationRange.prefault("1ms..50ms").describe("How long the loader of a getOrLoad takes."),
  deadline: duration.prefault("1s").describe("How long the system may take to answer, with any result."),
});

function usualText({ usualShare }: AnyFaultKind): string {
  return usualShare === undefined ? "from a twentieth to three tenths" : "all";
}

/** What every kind of fault has in a scenario. */
function faultSpecSchema(kind: AnyFaultKind) {
  return z
    .strictObject({
      kind: z.literal(kind.kind),
      count: countRange.prefault("1..2").describe("How many times it happens."),
      lasts: durationRange
        .optional()
        .describe(`How long it lasts. Default: ${usualText(kind)} of the time in which it may.`),
      between: durationRange
        .optional()
        .describe("The part of the safety phase in which it may happen. Default: all of it."),
      ...kind.specShape,
    })
    .describe(kind.summary);
}

/** A fault of a scenario: the common fields, and those of its kind (see the kind's `specShape`). */
export interface FaultSpec {
  readonly kind: string;
  readonly count: Range;
  /** Milliseconds. */
  readonly lasts: Range;
  /** Milliseconds from the start of the run. */
  readonly between?: Range | undefined;
  /** Names of machines and zones, of the kinds that have them. */
  readonly among?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const [firstKind, ...otherKinds] = faultKinds.map(faultSpecSchema);

type FaultInput = Omit<FaultSpec, "lasts"> & { readonly lasts?: Range | undefined };

const fault: z.ZodType<FaultInput> = z.discriminatedUnion("kind", [firstKind as never, ...otherKinds]);

const budget = z
  .strictObject({
    forgetting: count
      .optional()
      .describe(
        "How many machines may, at the same time, have lost their memory and not yet had time to catch up. " +
          "Default: the largest minority of the replicas.",
      ),
    catchUp: duration
      .prefault("2s")
      .describe(
        "How long a restarted machine needs, with a working network, until it knows everything again.",
      ),
    clockSkew: duration
      .prefault("0ms")
      .describe(
        "How much wall clocks may be apart: the errors of all clocks of the cluster, over the whole run, lie within " +
          "a band of this width around the true time. Drift counts, and what a clock was wrong by at another time.",
      ),
    clockDrift: count
      .prefault(0)
      .describe(
        "By how many millionths the rates of clocks may be wrong, where values expire by monotonic clocks " +
          "(cluster.ttlMode: relative).",
      ),
  })
  .describe("What a correct system is expected to survive. Faults beyond it are not drawn.");

const detours = z
  .strictObject({
    share: share.prefault("25%").describe("Share of the detours that are switched on, by seed."),
    taken: shareRange
      .prefault("1%..25%")
      .describe("How often a detour that is switched on is taken; each has a probability of its own."),
  })
  .describe(
    "Unlikely but legal ways to go on that the system offers in its own code. None is taken after the safety phase.",
  );

const phases = z
  .strictObject({
    safety: duration.prefault("10s").describe("Faults happen here; at its end everything heals."),
    settle: duration.prefault("5s").describe("Time to recover, while clients still act."),
    audit: duration.prefault("3s").describe("Every key is read once through every machine."),
  })
  .describe("How long each phase lasts, one after the other.");

const USUAL_SHARE = { min: 0.05, max: 0.3 };

function withLasts({ lasts, ...input }: FaultInput, safetyMs: number): FaultSpec {
  const windowMs = input.between === undefined ? safetyMs : input.between.max - input.between.min;
  const share = faultKind(input.kind)?.usualShare ?? USUAL_SHARE;
  return { ...input, lasts: lasts ?? { min: windowMs * share.min, max: windowMs * share.max } };
}

/** The largest number of replicas that a majority can do without. */
export function minorityOf(replication: number): number {
  return Math.floor((replication - 1) / 2);
}

export const scenarioSchema = z
  .strictObject({
    name: nameSchema.describe("What the scenario is called on the command line and in reports."),
    story: z
      .string()
      .trim()
      .min(1)
      .max(10_000)
      .describe("What happens in real life, in a few sentences. The first one is shown in lists."),
    tags: z
      .array(nameSchema)
      .max(20)
      .default([])
      .describe("Words to choose scenarios by: `cache-sim run --tag network`."),
    cluster: cluster.prefault({}),
    network: scenarioNetwork.prefault({}),
    disk: disk.prefault({}),
    workload: workload.prefault({}),
    faults: z.array(fault).max(100).default([]).describe("What may go wrong."),
    changes: z
      .array(change)
      .max(100)
      .default([])
      .describe("Changes of who belongs to the cluster, in this order, by an operator who does not give up."),
    budget: budget.prefault({}),
    detours: detours.prefault({}),
    swarm: z
      .boolean()
      .default(true)
      .describe(
        "Each seed leaves out some kinds of faults and weakens others: some defects show only when other faults " +
          "do not hide them.",
      ),
    phases: phases.prefault({}),
    timing: z
      .record(z.string().min(1).max(64), duration)
      .optional()
      .describe("How often and how long the system does things, by its own names, such as repairMs: 5s."),
    thresholds: z
      .record(z.string().min(1).max(64), thresholdCount)
      .optional()
      .describe("After how many of something the system acts, by its own names, such as suspectedAfter: 3."),
    invariants: z
      .array(z.string().min(1).max(1024))
      .min(1)
      .max(100)
      .optional()
      .describe(
        "What is checked, by name, or by the path of a file of your own. Default: everything that can be.",
      ),
    strategy: z
      .string()
      .max(20)
      .default("random")
      .check(checkedBy(strategyProblem))
      .describe(
        "How delays are chosen: random, each by itself; pct:d, by priorities of links that change d - 1 times; or " +
          "portfolio, which mixes both by seed.",
      ),
    expect: z
      .array(z.string().min(1).max(200))
      .max(100)
      .default([])
      .describe(
        "Bounds of measures that a campaign fails beyond, such as read-p99 < 20ms, or recovery < 3s for abd. " +
          "`cache-sim explore --measures` lists what can be measured.",
      ),
    policies: z
      .array(z.string().min(1).max(1024))
      .min(1)
      .max(100)
      .optional()
      .describe("The policies that the scenario is meant for. Default: those of the command line."),
  })
  .transform((input) => ({
    ...input,
    faults: input.faults.map((spec) => withLasts(spec, input.phases.safety)),
    changes: input.changes.map((spec) => ({
      ...spec,
      at: spec.at ?? { min: 0, max: input.phases.safety / 2 },
    })),
    budget: {
      forgetting: input.budget.forgetting ?? minorityOf(input.cluster.replication),
      catchUpMs: input.budget.catchUp,
      clockSkewMs: input.budget.clockSkew,
      clockDriftPpm: input.budget.clockDrift,
    },
    phases: {
      safetyMs: input.phases.safety,
      settleMs: input.phases.settle,
      auditMs: input.phases.audit,
    },
    workload: {
      clients: input.workload.clients,
      operations: input.workload.operations,
      keys: namesFrom(input.workload.keys, "k"),
      ...operationsOf(input.workload),
      /** Milliseconds from an answer to the client's next operation; undefined when it acts at given times. */
      think: input.workload.think,
      /** What was recorded somewhere, by which clients act; read from its file before a plan is drawn. */
      trace: withRoomForRows(input.workload.trace),
      /** Milliseconds from round to round; undefined spreads the rounds evenly. */
      gap: input.workload.gap,
      bursts: input.workload.bursts,
      ttl: input.workload.ttl,
      loads: input.workload.loads,
      deadlineMs: input.workload.deadline,
    },
  }));

export type Scenario = z.infer<typeof scenarioSchema>;

/** A file says nothing of the rows, which are read later. */
function withRoomForRows(trace: ScenarioTrace | undefined): ScenarioTrace | undefined {
  return trace;
}

const NO_MIX = mix.parse({});
const MIX_USUAL = { ...NO_MIX, get: 5, set: 4, delete: 1 };

/** Which operations on which keys: as given, else as in the workload that it is like, else as usual. */
function operationsOf({
  like,
  mix: given,
  popularity,
}: Pick<z.infer<typeof workload>, "like" | "mix" | "popularity">) {
  const profile = like === undefined ? undefined : workloadProfile(like);
  return {
    mix: given ?? (profile === undefined ? MIX_USUAL : { ...NO_MIX, ...profile.mix }),
    popularity: popularity ?? profile?.popularity,
  };
}

/** How wrong the rates of clocks may be; undefined where values do not expire by monotonic clocks. */
export function promisedDriftPpm({
  cluster,
  budget,
}: Pick<Scenario, "cluster" | "budget">): number | undefined {
  return cluster.ttlMode === "relative" ? budget.clockDriftPpm : undefined;
}
