import { createDraw } from "../../kernel/draw.ts";
import { PLACE_FIELDS } from "../../world/faults/fault-places.ts";
import { faultKind } from "../../world/faults/index.ts";
import { createPlaces, machinesAt } from "../../world/places.ts";
import { DURATION_MS_MAX, durationText } from "../../world/quantity-text.ts";
import { checkHookNames } from "../load/load-hook-names.ts";
import {
  checkDistinct,
  checkInvariant,
  checkNames,
  checkPolicy,
  type KnownNames,
  problem,
} from "../load/load-names.ts";
import { checkNetwork, checkPlaces, checkZones } from "../load/load-network-check.ts";
import { checkJourneys } from "../load/load-journeys-check.ts";
import { checkScenarioChanges } from "../load/load-changes-check.ts";
import { checkTtlMode } from "../load/load-ttl-check.ts";
import type { Finding } from "../load/load-problem.ts";
import { checkThresholds, checkTiming } from "../load/load-settings-check.ts";
import { checkLatency } from "./scenario-check-latency.ts";
import { roomProblem } from "./scenario-check-room.ts";
import type { ScenarioTrace } from "./scenario-trace.ts";
import { type FaultSpec, minorityOf, promisedDriftPpm, type Scenario } from "./scenario.ts";

/**
 * What is wrong with a scenario although each of its fields is right by itself: limits that depend on other
 * fields, names that nobody knows, faults that could never happen.
 */
export function checkScenario(scenario: Scenario, known: Omit<KnownNames, "systems">): Finding[] {
  return [
    ...checkCluster(scenario),
    ...checkTtlMode(scenario.cluster),
    ...checkZones(scenario.cluster),
    ...checkNetwork(scenario.network, scenario.cluster, checkLatency),
    ...checkJourneys(scenario.network, scenario.cluster.machines, known, checkLatency),
    ...checkTiming(scenario.timing, known),
    ...checkThresholds(scenario.thresholds, known),
    ...checkLatency(["disk", "sync"], scenario.disk.sync),
    ...checkWorkload(scenario),
    ...checkPhases(scenario),
    ...checkBudget(scenario),
    ...checkScenarioChanges(scenario),
    ...scenario.faults.flatMap((spec, index) => [
      ...checkFault(scenario, spec, index),
      ...checkHookNames(["faults", index], spec, known),
    ]),
    ...checkFaultCount(scenario),
    ...checkNames(["invariants"], scenario.invariants ?? [], (path, name) =>
      checkInvariant(path, name, known.invariants),
    ),
    ...checkNames(["policies"], scenario.policies ?? [], (path, name) =>
      checkPolicy(path, name, known, scenario.cluster.replication),
    ),
    ...checkNames(["expect"], scenario.expect, (path, text) => {
      const message = known.expectationProblem?.(text, scenario) ?? null;
      return message === null ? [] : [problem(path, message)];
    }),
  ];
}

const MACHINES_MAX = 1000;
const KEYS_MAX = 10_000;
const CLIENTS_MAX = 9000;
const OPERATIONS_MAX = 900_000;
const FAULTS_MAX = 100_000;

/** Time that the last final read needs beyond its deadline, until the client itself gives up. */
export const AUDIT_SLACK_MS = 100;

function between(path: Finding["path"], value: number, min: number, max: number): Finding[] {
  if (value < min) return [problem(path, `expected at least ${min}, got ${value}`)];
  return value > max ? [problem(path, `expected at most ${max}, got ${value}`)] : [];
}

function checkCluster({ cluster }: Scenario): Finding[] {
  const { machines, spares, replication } = cluster;
  const members = machines.length - spares.length;
  const found = [
    ...between(["cluster", "machines"], members, 1, MACHINES_MAX),
    ...between(["cluster", "spares"], spares.length, 0, Math.max(0, MACHINES_MAX - members)),
    ...checkDistinct(["cluster", "machines"], machines),
  ];
  // Without machines the replication follows from them.
  if (replication < 1 && members > 0)
    found.push(problem(["cluster", "replication"], "expected at least 1, got 0"));
  if (members > 0 && replication > members) {
    const what = spares.length === 0 ? "machines" : "machines that are no spares";
    const message = `expected at most ${members}, the number of ${what}, got ${replication}`;
    found.push(problem(["cluster", "replication"], message));
  }
  return found;
}

function checkWorkload({ workload, phases }: Scenario): Finding[] {
  const { clients, operations, keys, mix, gap, think, trace, ttl, deadlineMs } = workload;
  const found = [
    ...between(["workload", "clients"], clients, 1, CLIENTS_MAX),
    ...between(["workload", "operations"], operations, 1, Math.floor(OPERATIONS_MAX / Math.max(1, clients))),
    ...between(["workload", "keys"], keys.length, 1, KEYS_MAX),
    ...checkDistinct(["workload", "keys"], keys),
  ];
  if (Object.values(mix).every((weight) => weight === 0)) {
    found.push(
      problem(
        ["workload", "mix"],
        `expected a weight above 0 for at least one of ${Object.keys(mix).join(", ")}`,
      ),
    );
  }
  if (mix.touch > 0 && ttl === undefined) {
    const message =
      "a touch needs a time to live: add workload.ttl, from which it is drawn, or take touch out";
    found.push(problem(["workload", "mix", "touch"], message));
  }
  if (trace !== undefined) found.push(...checkTrace(trace, clients * operations, { gap, think }));
  if (deadlineMs < 1) {
    found.push(problem(["workload", "deadline"], `expected at least 1ms, got ${durationText(deadlineMs)}`));
  }
  if (ttl?.lasts.min === 0) {
    found.push(problem(["workload", "ttl", "lasts"], "expected more than 0ms"));
  }
  const activeMs = phases.safetyMs + phases.settleMs;
  if (gap !== undefined && operations * gap.max > activeMs) {
    const needMs = operations * gap.max;
    const message =
      `${operations} operations up to ${durationText(gap.max)} apart take up to ${durationText(needMs)}, but the phases safety and ` +
      `settle end after ${durationText(activeMs)}: shorten the gap, or leave it out to spread the operations evenly`;
    found.push(problem(["workload", "gap"], message));
  }
  if (gap !== undefined && think !== undefined) {
    const message = "clients that think act after their answers, not in rounds: take gap out, or think";
    found.push(problem(["workload", "think"], message));
  }
  if (think !== undefined && operations * think.max > activeMs) {
    const message =
      `${operations} operations with up to ${durationText(think.max)} between them take up to ` +
      `${durationText(operations * think.max)} and the answers, but the phases safety and settle end after ` +
      `${durationText(activeMs)}: let the clients think less, or do less`;
    found.push(problem(["workload", "think"], message));
  }
  return found;
}

function checkTrace(
  { columns, operations, rows }: ScenarioTrace,
  needed: number,
  { gap, think }: Pick<Scenario["workload"], "gap" | "think">,
): Finding[] {
  const path = ["workload", "trace"];
  const found: Finding[] = [];
  if (rows < needed) {
    found.push(
      problem(
        [...path, "rows"],
        `expected at least ${needed}, as many as clients do operations, got ${rows}`,
      ),
    );
  }
  if (operations !== undefined && columns.operation === undefined) {
    found.push(
      problem([...path, "operations"], "say in columns.operation where they are, or leave them out"),
    );
  }
  if (columns.time !== undefined && (gap !== undefined || think !== undefined)) {
    const field = gap === undefined ? "think" : "gap";
    const message = `clients act at the trace's times: take ${field} out, or columns.time`;
    found.push(problem(["workload", field], message));
  }
  return found;
}

function checkPhases({ phases, workload, cluster }: Scenario): Finding[] {
  const { safetyMs, settleMs, auditMs } = phases;
  const found: Finding[] = [];
  if (safetyMs === 0) found.push(problem(["phases", "safety"], "expected more than 0ms"));
  // One microsecond for each read is the least that tells them apart.
  const needMs = workload.deadlineMs + AUDIT_SLACK_MS + (cluster.machines.length * keysMax(workload)) / 1000;
  if (auditMs < needMs) {
    const least = durationText(Math.ceil(needMs));
    const deadline = durationText(workload.deadlineMs);
    const message =
      `expected at least ${least}, got ${durationText(auditMs)}: ` +
      `the final reads may take the deadline of ${deadline}`;
    found.push(problem(["phases", "audit"], message));
  }
  if (safetyMs + settleMs + auditMs > DURATION_MS_MAX) {
    found.push(problem(["phases"], "expected at most 30 days together"));
  }
  return found;
}

/** How many keys a run may have at most. */
function keysMax({ keys, trace, clients, operations }: Scenario["workload"]): number {
  return trace === undefined ? keys.length : clients * operations;
}

function checkBudget({ budget, cluster }: Scenario): Finding[] {
  const forgettingMax = minorityOf(cluster.replication);
  if (budget.forgetting <= forgettingMax) return [];
  const message =
    `expected at most ${forgettingMax}, got ${budget.forgetting}: of ${cluster.replication} replicas a ` +
    "majority must remember, or no system could keep what it acknowledged";
  return [problem(["budget", "forgetting"], message)];
}

function checkFault(scenario: Scenario, spec: FaultSpec, index: number): Finding[] {
  const { cluster, phases, budget } = scenario;
  const kind = faultKind(spec.kind);
  if (kind === undefined) return [];
  const found: Finding[] = [];
  const at = (field: string, message: string): void => {
    found.push(problem(["faults", index, field], message));
  };

  if (cluster.machines.length < kind.machinesMin) {
    at("kind", `${spec.kind} needs at least ${kind.machinesMin} machines, got ${cluster.machines.length}`);
    return found;
  }
  const { min: fromMs, max: toMs } = spec.between ?? { min: 0, max: phases.safetyMs };
  if (toMs > phases.safetyMs) {
    at(
      "between",
      `expected an end within the safety phase (${durationText(phases.safetyMs)}), got ${durationText(toMs)}`,
    );
  } else if (spec.lasts.max > toMs - fromMs) {
    const room = spec.between === undefined ? "the safety phase" : "the window `between`";
    at(
      "lasts",
      `expected at most ${durationText(toMs - fromMs)}, the length of ${room}, got ${durationText(spec.lasts.max)}`,
    );
  }
  const places = createPlaces(cluster.machines, cluster.zones);
  const unknown = PLACE_FIELDS.flatMap((field) =>
    checkPlaces(["faults", index, field], spec[field], cluster),
  );
  found.push(...unknown);
  if (unknown.length > 0) return found;
  const { catchUpMs, clockSkewMs } = budget;
  const setting = {
    machines: cluster.machines,
    places,
    catchUpMs,
    clockSkewMs,
    clockDriftPpm: promisedDriftPpm(scenario),
  };
  const problems = kind.checkSpec?.(spec, setting) ?? [];
  for (const { field, message } of problems) at(field, message);
  if (spec.count.max === 0 || problems.length > 0) return found;
  // What a kind destroys is known only of a fault, so one is drawn.
  const targets = machinesAt(places, spec.among);
  const occasion = { ...setting, targets, crashpoints: [], draw: createDraw(0), startMs: 0, endMs: 1 };
  const sample = kind.draw(spec, occasion);
  const forgetting = kind.forgets(sample, cluster).length;
  if (cluster.durability === "memory" && kind.needsJournal?.(spec) === true) {
    const reason =
      forgetting > minorityOf(cluster.replication)
        ? "without one they all forget, and no system could keep what it acknowledged"
        : "without one nothing is on the disks";
    at("kind", `${spec.kind} needs machines with a journal (cluster.durability: journal): ${reason}`);
  } else if (budget.forgetting === 0 && forgetting > 0) {
    at("kind", `${spec.kind} makes a machine forget, but ${whyNoneMayForget(scenario)}`);
  } else if (found.length === 0) {
    const message = roomProblem(scenario, spec, { kind, fault: sample, targetCount: targets.length });
    if (message !== null) at("count", message);
  }
  return found;
}

function whyNoneMayForget({ cluster }: Scenario): string {
  return minorityOf(cluster.replication) === 0
    ? `with replication ${cluster.replication} no majority would remember: use 3 or more`
    : "budget.forgetting is 0: allow 1, or leave the fault out";
}

function checkFaultCount({ faults }: Scenario): Finding[] {
  const total = faults.reduce((sum, spec) => sum + spec.count.max, 0);
  return total <= FAULTS_MAX
    ? []
    : [problem(["faults"], `expected at most ${FAULTS_MAX} faults together, got up to ${total}`)];
}
