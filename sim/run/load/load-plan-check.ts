import { type AnyFaultKind, type Fault, faultKind, outagesOf } from "../../world/faults/index.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import { checkHook, checkHookNames } from "./load-hook-names.ts";
import {
  checkDistinct,
  checkInvariant,
  checkName,
  checkNames,
  checkPolicy,
  type KnownNames,
  problem,
} from "./load-names.ts";
import { checkNetwork, checkPlaces, checkZones } from "./load-network-check.ts";
import { checkJourneys } from "./load-journeys-check.ts";
import { checkForgetting } from "./load-plan-budget-check.ts";
import { checkPlanLatency } from "./load-plan-latency-check.ts";
import { type Finding, shown } from "./load-problem.ts";
import { checkThresholds, checkTiming } from "./load-settings-check.ts";
import { checkChanges } from "./load-changes-check.ts";
import { checkTtlMode } from "./load-ttl-check.ts";
import { membersAtFirst } from "../members.ts";
import { isPolicyFile, systemFileOf } from "../policy-file.ts";
import { policyName } from "../policy-text.ts";
import { clusterOf, type Plan, type PlanOperation } from "../plan.ts";

/**
 * What is wrong with a plan although each of its fields is right by itself. Plans are edited by hand and by
 * shrinking, so everything that a run relies on is checked here, and nowhere else.
 */
export function checkPlan(plan: Plan, known: KnownNames): Finding[] {
  return [
    ...checkSystem(plan, known),
    ...checkPolicy(["policy"], plan.policy, known, plan.cluster.replication),
    ...checkCluster(plan),
    ...checkTtlMode(plan.cluster),
    ...checkChanges(plan),
    ...checkPhases(plan),
    ...checkZones(plan.cluster),
    ...checkNetwork(plan.network, plan.cluster, checkPlanLatency),
    ...checkJourneys(plan.network, plan.cluster.machines, known, checkPlanLatency),
    ...checkTiming(plan.timing, known),
    ...checkThresholds(plan.thresholds, known),
    ...(plan.disk === undefined ? [] : checkPlanLatency(["disk", "sync"], plan.disk.sync)),
    ...checkClients(plan),
    ...checkOperations(plan),
    ...checkFaults(plan, known),
    ...Object.keys(plan.detours ?? {}).flatMap((name) =>
      checkHook(["detours", name], "detours", name, known),
    ),
    ...checkNames(["invariants"], plan.invariants, (path, name) =>
      isPolicyFile(plan.system) ? [] : checkInvariant(path, name, known.invariants),
    ),
    ...checkRegression(plan),
  ];
}

/** What the file of a system offers is known when it is loaded. */
function checkSystem({ system, policy }: Plan, { systems }: KnownNames): Finding[] {
  if (!isPolicyFile(system)) return checkName(["system"], "systems", system, systems);
  const file = systemFileOf(policyName(policy));
  if (file === system) return [];
  return [
    problem(["policy"], `expected ${system} or a variant of it (${system}#NAME), got ${shown(policy)}`),
  ];
}

/** What a regression is about has to be looked at. */
function checkRegression({ regression, invariants }: Plan): Finding[] {
  if (regression === undefined) return [];
  return checkName(["regression", "invariant"], "invariants of the plan", regression.invariant, invariants);
}

function checkFaults(plan: Plan, known: KnownNames): Finding[] {
  const found = [
    ...plan.faults.flatMap((fault, index) => [
      ...checkFault(plan, fault, index),
      ...checkHookNames(["faults", index], fault, known),
    ]),
    ...checkCrashes(plan),
  ];
  // What a fault destroys is clear only when it is right itself.
  return found.length > 0 ? found : checkForgetting(plan);
}

function checkCluster({ cluster }: Plan): Finding[] {
  const found = checkDistinct(["cluster", "machines"], cluster.machines);
  const { machines, spares = [] } = cluster;
  found.push(
    ...checkNames(["cluster", "spares"], spares, (path, machine) =>
      checkName(path, "machines", machine, machines),
    ),
  );
  const memberCount = membersAtFirst({ cluster }).length;
  if (cluster.replication > memberCount) {
    const what = spares.length === 0 ? "machines" : "machines that are no spares";
    const message = `expected at most ${memberCount}, the number of ${what}, got ${cluster.replication}`;
    found.push(problem(["cluster", "replication"], message));
  }
  return found;
}

function checkPhases({ phases }: Plan): Finding[] {
  const { healMs, settleMs, endMs } = phases;
  const found: Finding[] = [];
  if (settleMs < healMs) {
    found.push(problem(["phases", "settleMs"], `expected at least healMs (${healMs}), got ${settleMs}`));
  }
  if (endMs < settleMs) {
    found.push(problem(["phases", "endMs"], `expected at least settleMs (${settleMs}), got ${endMs}`));
  }
  return found;
}

function checkClients({ clients, cluster }: Plan): Finding[] {
  const ids = new Map<string, number>();
  return clients.flatMap(({ id, machine }, index): Finding[] => {
    const found = checkName(["clients", index, "machine"], "machines", machine, cluster.machines);
    const first = ids.get(id);
    if (first === undefined) ids.set(id, index);
    else found.push(problem(["clients", index, "id"], `"${id}" is already clients[${first}]: keep one`));
    return found;
  });
}

function checkOperations({ operations, clients, phases }: Plan): Finding[] {
  const clientIds = clients.map(({ id }) => id);
  const clientIdSet = new Set(clientIds);
  const ids = new Map<string, number>();
  const values = new Map<string, number>();
  return operations.flatMap((operation, index): Finding[] => {
    const at = (field: string, message: string): Finding => problem(["operations", index, field], message);
    const found = [
      ...checkFields(operation, index),
      ...checkMicros(["operations", index, "atMs"], operation.atMs),
      ...checkMicros(["operations", index, "afterMs"], operation.afterMs ?? 0),
    ];
    if (!clientIdSet.has(operation.client)) {
      found.push(...checkName(["operations", index, "client"], "clients", operation.client, clientIds));
    }
    if (operation.atMs > phases.endMs) {
      found.push(at("atMs", `expected at most phases.endMs (${phases.endMs}), got ${operation.atMs}`));
    }
    const sameId = firstWith(ids, operation.id, index);
    if (sameId !== null) found.push(at("id", `"${operation.id}" is already operations[${sameId}]`));
    const sameValue = operation.value === undefined ? null : firstWith(values, operation.value, index);
    if (sameValue !== null) {
      found.push(
        at("value", `the same as that of operations[${sameValue}]: a read must tell which write it saw`),
      );
    }
    return found;
  });
}

/** Finer times would be rounded in silence. */
function checkMicros(path: Finding["path"], ms: number): Finding[] {
  return wholeMicros(ms) === ms
    ? []
    : [problem(path, `expected whole microseconds (at most three decimals), got ${ms}`)];
}

/** The index where `name` was seen before, or null the first time. */
function firstWith(seen: Map<string, number>, name: string, index: number): number | null {
  const first = seen.get(name);
  if (first !== undefined) return first;
  seen.set(name, index);
  return null;
}

/** The kinds of operations that have a field. */
const KINDS_WITH: Readonly<
  Record<"value" | "ttlMs" | "loadMs" | "f" | "input", readonly PlanOperation["kind"][]>
> = {
  value: ["set", "compareAndSet", "getOrLoad"],
  ttlMs: ["set", "compareAndSet", "getOrLoad", "touch"],
  loadMs: ["getOrLoad"],
  f: ["call"],
  input: ["call"],
};

function checkFields(operation: PlanOperation, index: number): Finding[] {
  const { kind, value, ttlMs } = operation;
  const path = ["operations", index];
  if (KINDS_WITH.value.includes(kind) && value === undefined) {
    return [problem([...path, "value"], `missing: a ${kind} needs a value that no other operation sets`)];
  }
  if (kind === "touch" && ttlMs === undefined) {
    return [problem([...path, "ttlMs"], "missing: a touch needs the time for which the value may live on")];
  }
  if (kind === "call" && operation.f === undefined) {
    return [problem([...path, "f"], "missing: a call needs the name of an operation of the system")];
  }
  const found: Finding[] = [];
  for (const field of ["value", "ttlMs", "loadMs", "f", "input"] as const) {
    const kinds: readonly string[] = KINDS_WITH[field];
    if (kinds.includes(kind) || operation[field] === undefined) continue;
    const message = `only a ${kinds.join(", a ")} has it, not a ${kind}`;
    found.push({ path: [...path, field], at: "key", message });
  }
  if (ttlMs === 0) found.push(problem([...path, "ttlMs"], "expected more than 0, got 0"));
  return found;
}

function checkFault(plan: Plan, fault: Fault, index: number): Finding[] {
  const { cluster, phases } = plan;
  const at = (field: string, message: string): Finding => problem(["faults", index, field], message);
  const found = Object.entries(fault).flatMap(([field, value]) =>
    field.endsWith("Ms") && typeof value === "number" ? checkMicros(["faults", index, field], value) : [],
  );
  if (fault.endMs < fault.startMs) {
    found.push(at("endMs", `expected at least startMs (${fault.startMs}), got ${fault.endMs}`));
  }
  if (fault.endMs > phases.healMs) {
    found.push(at("endMs", `expected at most phases.healMs (${phases.healMs}), got ${fault.endMs}`));
  }
  const kind = faultKind(fault.kind) as AnyFaultKind;
  if (cluster.machines.length < kind.machinesMin) {
    found.push(at("kind", `${fault.kind} needs at least ${kind.machinesMin} machines`));
  }
  if (kind.needsJournal?.(fault) === true && clusterOf(plan).durability === "memory") {
    const message = `${fault.kind} needs machines with a journal: add cluster.durability "journal", or take it out`;
    found.push(at("kind", message));
  }
  if (fault.endMs >= fault.startMs) {
    for (const { field, message } of kind.checkFault?.(fault) ?? []) found.push(at(field, message));
  }
  const machines = kind.machines(fault);
  for (const field of ["from", "to"] as const) {
    const name = Object.hasOwn(fault, field) ? (fault as { from?: string; to?: string })[field] : undefined;
    if (name === undefined || machines.includes(name)) continue;
    found.push(...checkPlaces(["faults", index, field], name, cluster));
  }
  const seen = new Set<string>();
  for (const machine of machines) {
    const path = ["faults", index, ...placeOf(fault, machine, seen.has(machine))];
    if (seen.has(machine)) found.push(problem(path, `"${machine}" is named twice`));
    else found.push(...checkName(path, "machines", machine, cluster.machines));
    seen.add(machine);
  }
  return found;
}

/** Where in a fault's own fields a machine is named, whatever the kind calls those fields. */
function placeOf(fault: Fault, machine: string, isSecond: boolean): (string | number)[] {
  const places = Object.entries(fault).flatMap(([field, value]): (string | number)[][] => {
    if (field === "kind") return [];
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown, index) => {
        if (item === machine) return [[field, index]];
        const isOfMachine = typeof item === "object" && (item as { machine?: unknown }).machine === machine;
        return isOfMachine ? [[field, index, "machine"]] : [];
      });
    }
    return value === machine ? [[field]] : [];
  });
  return places[isSecond ? 1 : 0] ?? [];
}

/** A machine that is down cannot go down. */
function checkCrashes(plan: Plan): Finding[] {
  const crashes = plan.faults
    .flatMap((fault, index) =>
      outagesOf(faultKind(fault.kind) as AnyFaultKind, fault, clusterOf(plan)).map((outage) => ({
        ...outage,
        index,
      })),
    )
    .sort((a, b) => a.startMs - b.startMs || a.index - b.index);
  const last = new Map<string, (typeof crashes)[number]>();
  return crashes.flatMap((crash): Finding[] => {
    const { index, machine } = crash;
    const before = last.get(machine);
    if (before === undefined || before.endMs < crash.endMs) last.set(machine, crash);
    if (before === undefined || crash.startMs > before.endMs) return [];
    const message =
      `expected a time after ${before.endMs}, got ${crash.startMs}: ${machine} is still down from ` +
      `faults[${before.index}] (${before.startMs} to ${before.endMs})`;
    return [problem(["faults", index, "startMs"], message)];
  });
}
