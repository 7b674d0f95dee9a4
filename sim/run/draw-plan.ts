import { createDraw } from "../kernel/draw.ts";
import { wholeMicros } from "../world/quantity.ts";
import { drawFaults } from "./draw-plan-faults.ts";
import { drawOperations } from "./draw-plan-operations.ts";
import { drawRounds } from "./draw-plan-rounds.ts";
import { type Plan, PLAN_FORMAT, PLAN_VERSION, type PlanOperation } from "./plan.ts";
import { AUDIT_SLACK_MS } from "./scenario-check.ts";
import type { Scenario } from "./scenario.ts";

export interface PlanChoice {
  /** A whole number, zero or more. */
  readonly seed: number;
  readonly system: string;
  readonly policy: string;
  /** What to check, unless the scenario says so itself. */
  readonly invariants: readonly string[];
}

/**
 * One exact plan of all that a scenario allows. Pure: the same scenario and seed give the same plan, for every
 * system and policy.
 *
 * Each decision is drawn at its own address (the n-th operation of a client, the i-th partition), so adding a
 * client, an operation or a kind of fault leaves all others as they were. Only the fault budget couples faults
 * to each other: one that would exceed it is left out.
 */
export function drawPlan(scenario: Scenario, { seed, system, policy, invariants }: PlanChoice): Plan {
  const { cluster, network, disk, workload, phases } = scenario;
  const draw = createDraw(seed);
  const healMs = phases.safetyMs;
  const settleMs = wholeMicros(healMs + phases.settleMs);
  const endMs = wholeMicros(settleMs + phases.auditMs);

  const clients = Array.from({ length: workload.clients }, (_, i) => ({
    id: `c${i + 1}`,
    machine: cluster.machines[i % cluster.machines.length] as string,
  }));
  const auditors = cluster.machines.map((machine) => ({ id: auditorOf(machine), machine }));
  const rounds = drawRounds(scenario, draw.at("round"));
  const operations = drawOperations(scenario, draw, rounds);
  planAudit(operations, scenario, settleMs, endMs);

  return {
    format: PLAN_FORMAT,
    version: PLAN_VERSION,
    scenario: scenario.name,
    seed,
    system,
    policy,
    cluster: {
      machines: [...cluster.machines],
      replication: cluster.replication,
      ...(cluster.durability === "journal" && { durability: cluster.durability }),
    },
    network: { ...network, latency: { ...network.latency } },
    ...(cluster.durability === "journal" && { disk: { sync: { ...disk.sync } } }),
    clients: [...clients, ...auditors],
    deadlineMs: workload.deadlineMs,
    operations,
    faults: drawFaults(scenario, draw, rounds),
    phases: { healMs, settleMs, endMs },
    invariants: [...(scenario.invariants ?? invariants)],
  };
}

function auditorOf(machine: string): string {
  return `audit-${machine}`;
}

/** Enough for one read to be over before the same client's next one starts. */
const AUDIT_STEP_MS_MAX = 50;

/** Reads every key once through every machine, one read after the other, when all must have recovered. */
function planAudit(operations: PlanOperation[], scenario: Scenario, settleMs: number, endMs: number): void {
  const { machines } = scenario.cluster;
  const { keys, deadlineMs } = scenario.workload;
  const roomMs = endMs - settleMs - deadlineMs - AUDIT_SLACK_MS;
  const stepMs = Math.min(AUDIT_STEP_MS_MAX, roomMs / (machines.length * keys.length));
  let atMs = settleMs;
  for (const [round, key] of keys.entries()) {
    for (const machine of machines) {
      const client = auditorOf(machine);
      operations.push({ id: `${client}#${round + 1}`, client, atMs: wholeMicros(atMs), kind: "get", key });
      atMs += stepMs;
    }
  }
}
