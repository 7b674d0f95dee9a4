import { run } from "../../sim/run/run.ts";
import type { Plan } from "../../sim/run/plan.ts";
import type { System } from "../../sim/run/system.ts";
import { faultKinds } from "../../sim/world/faults/index.ts";
import { bareLoop } from "./bare-loop.ts";
import { chattyPlan, chattySystem } from "./chatter.ts";
import { cache, planOf, scenario } from "./end-to-end.ts";
import { cpuMs, type Figures, figures, row } from "./measure.ts";

/**
 * What the simulated world costs: as it grows, with kinds of faults that do nothing, and with all of them at once.
 * All times are CPU time for each event, and those that are compared take turns.
 */

type Show = (name: string, measured: Figures, digits: number, unit?: string, bound?: string) => void;

const ROUNDS = 7;
const WARM_UP_ROUNDS = 2;

type Subject = () => Promise<number>;

/** What all subjects cost, round by round: each once in every round, and there and back, so that none is always last. */
async function interleaved(subjects: readonly Subject[], roundCount = ROUNDS): Promise<number[][]> {
  const rounds: number[][] = [];
  const order = [...subjects.keys()];
  for (let round = -WARM_UP_ROUNDS; round < roundCount; round++) {
    const costs: number[] = [];
    for (const index of order) {
      globalThis.gc?.();
      costs[index] = (await subjects[index]?.()) ?? Number.NaN;
    }
    if (round >= 0) rounds.push(costs);
    order.reverse();
  }
  return rounds;
}

function ratioOf(rounds: readonly (readonly number[])[], one: number, other: number): Figures {
  return figures(rounds.map((costs) => (costs[one] ?? Number.NaN) / (costs[other] ?? Number.NaN)));
}

/** Microseconds for each event. */
async function costOf(work: () => Promise<number>): Promise<number> {
  let events = 0;
  const costMs = await cpuMs(async () => (events = await work()));
  return (costMs * 1000) / events;
}

/** Runs plans, unchecked: what is left of a cluster when a run ends with a crash is quickly checked. */
async function eventsOf(plans: readonly Plan[], system: System): Promise<number> {
  let events = 0;
  for (const plan of plans) events += (await run(plan, { system, invariants: [] })).statistics.eventCount;
  return events;
}

const BARE_EVENTS = 300_000;

const bare: Subject = () =>
  costOf(async () => {
    await bareLoop(BARE_EVENTS, 100);
    return BARE_EVENTS;
  });

const SIZES = [5, 50, 500] as const;
const ASKS = 60_000;
/** Each machine asks so often that as much is under way as in a busy cluster of that size. */
const SIZE_EVERY_MS = 20;

function chatterOf(machineCount: number): Subject {
  const plan = chattyPlan(machineCount, (ASKS / machineCount) * SIZE_EVERY_MS);
  return () => costOf(() => eventsOf([plan], chattySystem(SIZE_EVERY_MS)));
}

/** About as many events for each size: what grows is how many machines they are spread over. */
const CACHE_OPERATIONS = 5000;
const CACHE_ROUNDS = 3;

function cacheOf(machineCount: number): Subject {
  const calm = scenario("calm");
  const machines = Array.from({ length: machineCount }, (_, i) => `n${i + 1}`);
  const operations = CACHE_OPERATIONS / machineCount;
  const plan = planOf(
    {
      ...calm,
      cluster: { ...calm.cluster, machines },
      workload: { ...calm.workload, clients: machineCount, operations, deadlineMs: 200 },
      phases: { safetyMs: operations * 10, settleMs: 100, auditMs: 400 },
    },
    1,
    "abd",
  );
  return () => costOf(() => eventsOf([plan], cache));
}

function showSizes(show: Show, rounds: readonly (readonly number[])[], bound: string): void {
  for (const [index, size] of SIZES.entries()) {
    show(
      `an event among ${size} machines`,
      figures(rounds.map((costs) => costs[index] ?? Number.NaN)),
      2,
      "us",
    );
  }
  show("500 machines, as a multiple of 5", ratioOf(rounds, 2, 0), 2, "", bound);
}

/** A fault of each kind, at the very end of the run, so that all of them are there and none does anything. */
function withIdleFaults(plan: Plan, every: Plan["faults"]): Plan {
  const atMs = plan.phases.endMs;
  const faults = faultKinds.flatMap(({ kind }) => every.find((fault) => fault.kind === kind) ?? []);
  const moved = JSON.stringify(faults, (field, value: unknown) => {
    return field === "startMs" || field === "endMs" ? atMs : value;
  });
  return { ...plan, faults: JSON.parse(moved) as Plan["faults"] };
}

const LONG = 20;

/** The scenario `everything`, without any fault and so long that its ends do not matter. */
function longPlan(): Plan {
  const everything = scenario("everything");
  const { workload, phases } = everything;
  return planOf(
    {
      ...everything,
      faults: [],
      workload: { ...workload, operations: workload.operations * LONG },
      phases: { ...phases, safetyMs: phases.safetyMs * LONG },
    },
    1,
    "abd",
  );
}

/** Plans of the scenario `everything` that have all that there is. */
function mixedPlans(count: number): Plan[] {
  const everything = { ...scenario("everything"), swarm: false };
  return Array.from({ length: count }, (_, seed) => planOf(everything, seed, "abd"));
}

const MIXED_EVERY_MS = 4;

/** The faults of a plan, among machines that talk all the time. */
function chatterUnder({ faults, phases, cluster, network }: Plan): Plan {
  const plan = chattyPlan(cluster.machines.length, phases.healMs);
  return { ...plan, cluster, network, faults };
}

export async function world(print: (line?: string) => void): Promise<void> {
  const show: Show = (name, measured, digits, unit = "", bound = "") =>
    print(`${row(`    ${name}`, measured, unit, digits)}${bound === "" ? "" : `  ${bound}`}`);
  const mixed = mixedPlans(10);

  print();
  print("The simulated world, by CPU time; bounds at the end of the line");
  print("  size: the cache, calm");
  showSizes(show, await interleaved(SIZES.map(cacheOf), CACHE_ROUNDS), "at most 2");
  print("  size: machines that only talk, so that all they do is to be elsewhere in memory");
  showSizes(show, await interleaved(SIZES.map(chatterOf)), "");

  print("  idle faults: one of every kind in the plan, at the end of the run; the cache");
  const without = longPlan();
  const idle = withIdleFaults(
    without,
    mixed.flatMap(({ faults }) => faults),
  );
  const byIdleness = await interleaved([
    () => costOf(() => eventsOf([idle], cache)),
    () => costOf(() => eventsOf([without], cache)),
  ]);
  show("as a multiple of the same run without", ratioOf(byIdleness, 0, 1), 3, "", "at most 1.05");

  print("  all faults at once: the scenario everything, with no kind left out");
  const talking = mixed.map(chatterUnder);
  const quiet = talking.map((plan) => ({ ...plan, faults: [] }));
  const chatter = chattySystem(MIXED_EVERY_MS);
  const underFaults = await interleaved([
    bare,
    () => costOf(() => eventsOf(talking, chatter)),
    () => costOf(() => eventsOf(quiet, chatter)),
  ]);
  show("machines that talk: of the rate of the bare loop", ratioOf(underFaults, 0, 1), 2, "", "at least 0.2");
  show("    the same without faults", ratioOf(underFaults, 0, 2), 2);
  const plain = mixed.map((plan) => ({ ...plan, faults: [] }));
  const ofCache = await interleaved([
    () => costOf(() => eventsOf(mixed, cache)),
    () => costOf(() => eventsOf(plain, cache)),
  ]);
  show("the cache: an event, as a multiple of one without faults", ratioOf(ofCache, 0, 1), 2);
}
