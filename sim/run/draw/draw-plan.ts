import { createDraw, type Draw } from "../../kernel/draw.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import { drawChanges } from "./draw-plan-changes.ts";
import { drawDetours } from "./draw-plan-detours.ts";
import { drawFaults } from "./draw-plan-faults.ts";
import { drawOperations } from "./draw-plan-operations.ts";
import { drawStretch } from "./draw-plan-recorded.ts";
import { drawRounds } from "./draw-plan-rounds.ts";
import { drawSwarm } from "./draw-plan-swarm.ts";
import { membersAtFirst, membersAtLast } from "../members.ts";
import { type Plan, PLAN_FORMAT, PLAN_VERSION, type PlanOperation } from "../plan.ts";
import { drawStrategy } from "../strategy.ts";
import { AUDIT_SLACK_MS } from "../scenario/scenario-check.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { SystemHooks, SystemWorkload } from "../system.ts";

export interface PlanChoice {
  /** A whole number, zero or more. */
  readonly seed: number;
  readonly system: string;
  /** What the system offers of hook points, if anything. */
  readonly hooks?: SystemHooks | undefined;
  /** What its clients do, if it is no cache. */
  readonly workload?: SystemWorkload | undefined;
  readonly policy: string;
  /** What to check, unless the scenario says so itself. */
  readonly invariants: readonly string[];
}

/**
 * One exact plan of all that a scenario allows. Pure: the same scenario and seed give the same plan, for every
 * policy, and but for the hook points for every system.
 *
 * Each decision is drawn at its own address (the n-th operation of a client, the i-th partition), so adding a
 * client, an operation or a kind of fault leaves all others as they were. Only the fault budget couples faults
 * to each other: one that would exceed it is left out.
 */
export function drawPlan(
  scenario: Scenario,
  { seed, system, hooks, workload: calls, policy, invariants }: PlanChoice,
): Plan {
  const { cluster, network, disk, workload, phases, budget } = scenario;
  const draw = createDraw(seed);
  const isRelative = cluster.ttlMode === "relative";
  const healMs = phases.safetyMs;
  const settleMs = wholeMicros(healMs + phases.settleMs);
  const endMs = wholeMicros(settleMs + phases.auditMs);

  const changes = drawChanges(scenario, draw.at("change"));
  const members = membersAtFirst(scenario);
  const lastMembers = membersAtLast({ cluster, changes });
  const clients = Array.from({ length: workload.clients }, (_, i) => ({
    id: `c${i + 1}`,
    machine: members[i % members.length] as string,
  }));
  const auditors = lastMembers.map((machine) => ({ id: auditorOf(machine), machine }));
  const rounds = drawRounds(scenario, draw.at("round"));
  const stretch = drawStretch(scenario, draw.at("trace"));
  const operations = drawOperations(scenario, draw, rounds, stretch, calls);
  const keys = calls?.isKeyed === false ? workload.keys.slice(0, 1) : (stretch?.keys ?? workload.keys);
  planAudit(operations, keys, calls, {
    machines: lastMembers,
    deadlineMs: workload.deadlineMs,
    settleMs,
    endMs,
  });
  const swarm = drawSwarm(scenario, draw.at("swarm"));
  const detours = drawDetours(scenario, Object.keys(hooks?.detours ?? {}), draw.at("detour"));
  const strategy = drawStrategy(scenario.strategy, seed);
  const crashpoints = Object.keys(hooks?.crashpoints ?? {});

  return {
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    scenario: scenario.name,
    seed,
    system,
    policy,
    cluster: {
      machines: [...cluster.machines],
      ...(cluster.spares.length > 0 && { spares: [...cluster.spares] }),
      ...(cluster.zones !== undefined && { zones: structuredClone(cluster.zones) }),
      replication: cluster.replication,
      ...(cluster.durability === "journal" && { durability: cluster.durability }),
      ...(isRelative && { ttlMode: cluster.ttlMode, uptimesMs: drawUptimes(cluster, draw.at("uptime")) }),
    },
    network: structuredClone(network),
    ...(cluster.durability === "journal" && { disk: { sync: { ...disk.sync } } }),
    clients: [...clients, ...auditors],
    deadlineMs: workload.deadlineMs,
    operations,
    faults: drawFaults(scenario, { draw, rounds, swarm, crashpoints }),
    ...(changes.length > 0 && { changes }),
    ...(swarm !== null && { swarm: Object.fromEntries(swarm) }),
    ...(detours !== null && { detours }),
    phases: { healMs, settleMs, endMs },
    ...(scenario.timing !== undefined && { timing: { ...scenario.timing } }),
    ...(scenario.thresholds !== undefined && { thresholds: { ...scenario.thresholds } }),
    ...(budget.clockSkewMs > 0 && { clockSkewMs: budget.clockSkewMs }),
    ...(isRelative && budget.clockDriftPpm > 0 && { clockDriftPpm: budget.clockDriftPpm }),
    invariants: [...(scenario.invariants ?? invariants)],
    ...(strategy !== undefined && { strategy }),
  };
}

const UPTIME_MS_MAX = 2_592_000_000;

/** Monotonic clocks count from when their machines were started, at some time in the last month. */
function drawUptimes({ machines }: Scenario["cluster"], draw: Draw): Record<string, number> {
  return Object.fromEntries(
    machines.map((machine) => [machine, wholeMicros(draw.at(machine).between("ms", 0, UPTIME_MS_MAX))]),
  );
}

function auditorOf(machine: string): string {
  return `audit-${machine}`;
}

/** Enough for one read to be over before the same client's next one starts. */
const AUDIT_STEP_MS_MAX = 50;

interface Audit {
  readonly machines: readonly string[];
  readonly deadlineMs: number;
  readonly settleMs: number;
  readonly endMs: number;
}

/** Reads every key once through every machine, one read after the other, when all must have recovered. */
function planAudit(
  operations: PlanOperation[],
  keys: readonly string[],
  calls: SystemWorkload | undefined,
  { machines, deadlineMs, settleMs, endMs }: Audit,
): void {
  if (calls?.audit === null) return;
  const asked =
    calls === undefined ? ({ kind: "get" } as const) : ({ kind: "call", f: calls.audit } as const);
  const roomMs = endMs - settleMs - deadlineMs - AUDIT_SLACK_MS;
  const stepMs = Math.min(AUDIT_STEP_MS_MAX, roomMs / (machines.length * keys.length));
  let atMs = settleMs;
  for (const [round, key] of keys.entries()) {
    for (const machine of machines) {
      const client = auditorOf(machine);
      operations.push({ id: `${client}#${round + 1}`, client, atMs: wholeMicros(atMs), ...asked, key });
      atMs += stepMs;
    }
  }
}
