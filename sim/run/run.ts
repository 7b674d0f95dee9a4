import { backgroundCause } from "../kernel/cause.ts";
import {
  type Chooser,
  createOverridingChooser,
  createSeededChooser,
  mildestChooser,
} from "../kernel/choices.ts";
import { holdGuards } from "../kernel/guards.ts";
import { createKernel, type Kernel, WORLD_LANE } from "../kernel/kernel.ts";
import type { TraceSink } from "../kernel/trace-sink.ts";
import { createTripwire, NondeterminismError } from "../kernel/tripwire.ts";
import { faultKind } from "../world/faults/index.ts";
import { MachineStopped } from "../world/hooks.ts";
import { machinesByLane } from "../world/lanes.ts";
import type { Machine } from "../world/machine.ts";
import { createWorld } from "../world/world.ts";
import { createAccounts } from "./accounts.ts";
import { asRecorded } from "./as-recorded.ts";
import { createAuditLedger } from "./audit-ledger.ts";
import { createBehaviour } from "./behaviour/behaviour.ts";
import { createClients } from "./clients.ts";
import { endedPromises } from "./conditional-promises.ts";
import { isBeyondLossBudget, LOSSY_NETWORK } from "./loss-budget.ts";
import { createHealthLedger } from "./health-ledger.ts";
import { createExpiryMeter } from "./expiry-meter.ts";
import type { Invariant, Rejection, RunRecord, Violation } from "./invariant.ts";
import { startOperator } from "./operator.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { policyName } from "./policy-text.ts";
import { recoveryUs } from "./recovery.ts";
import { watchRejections } from "./rejections.ts";
import { strategicChooser } from "./strategy.ts";
import type { Snapshot, System, SystemNode } from "./system.ts";
import { takeTurn } from "./turn.ts";
import type { Witness } from "./witness.ts";

export interface RunOptions {
  readonly system: System;
  /** The checks to make, usually those that the plan names. */
  readonly invariants: readonly Invariant[];
  /** Receives every event; without it the run is faster and has the same outcome. */
  readonly trace?: TraceSink | undefined;
  /** Is given, before the run, a way to look at the state of any machine; see `sim/trace/state-recording.ts`. */
  readonly states?: ((look: StateOf) => void) | undefined;
  /**
   * Takes the choices instead of the plan's own chooser, or on top of it: to record them, or to search among them. It
   * may ask what time it is in the run.
   */
  readonly chooser?: ((usual: Chooser, nowUs: () => number) => Chooser) | undefined;
  /** Sees what machines send and write, which the digest does not cover. */
  readonly witness?: Witness | undefined;
  /** Bound on the number of events. */
  readonly eventsMax?: number | undefined;
  /** Asked now and then; true makes the run reject with an AbortedError. */
  readonly isAborted?: (() => boolean) | undefined;
}

/** The state of a machine at the moment; null when it is down, or says nothing of its state. */
export type StateOf = (machine: string) => Snapshot | null;

const EVENTS_MAX = 50_000_000;

/**
 * Runs a plan: a pure function of the plan and of the system's code. Runs in one thread take turns.
 *
 * @throws NondeterminismError when the system touched the real world
 * @throws RunawayError when it schedules work without end
 */
export function run(plan: Plan, options: RunOptions): Promise<Outcome> {
  return takeTurn(async () => {
    const letGo = holdGuards();
    try {
      return await runAlone(plan, options);
    } finally {
      letGo();
    }
  });
}

async function runAlone(plan: Plan, options: RunOptions): Promise<Outcome> {
  const { system } = options;
  const machineAt = machinesByLane(plan.cluster.machines);
  const tripwire = createTripwire(() => machineAt(kernel.lane));
  const others =
    plan.otherChoices === "mildest"
      ? mildestChooser
      : strategicChooser(plan, createSeededChooser(plan.seed), () => kernel.nowUs);
  const usual = createOverridingChooser(others, plan.choices ?? {});
  const kernel: Kernel = createKernel({
    chooser: options.chooser?.(usual, () => kernel.nowUs) ?? usual,
    trace: options.trace,
    tripwire,
    eventsMax: options.eventsMax ?? EVENTS_MAX,
    isAborted: options.isAborted,
  });

  const nodes = new Map<string, SystemNode>();
  const audit = createAuditLedger();
  const health = createHealthLedger();
  const accounts = createAccounts();
  const crashedAtUs = new Map<string, number>();
  const rejections: Rejection[] = [];
  const behaviour = createBehaviour();

  const card = system.policies.find(({ name }) => name === policyName(plan.policy));
  const isRelative = plan.cluster.ttlMode === "relative" && card?.ttlModes?.includes("relative") === true;
  const meter = isRelative ? createExpiryMeter(kernel, plan) : null;
  const world = createWorld(
    kernel,
    plan.cluster.machines,
    { ...plan.network, zones: plan.cluster.zones },
    {
      boot(env) {
        behaviour.booted(env.id, env.incarnation);
        const seen = options.witness?.watch(env) ?? env;
        nodes.set(env.id, system.boot(meter?.watch(seen) ?? seen, plan));
      },
      crashed(machine, incarnation) {
        const node = nodes.get(machine);
        if (node !== undefined) accounts.close(machine, incarnation, node, kernel.nowUs);
        nodes.delete(machine);
        behaviour.crashed(machine);
        crashedAtUs.set(`${machine}@${incarnation}`, kernel.nowUs);
        clients.machineCrashed(machine);
      },
      processes: (machine) => nodes.get(machine)?.processes?.() ?? [],
      kill: (machine, process) => nodes.get(machine)?.kill?.(process),
      journal(machine, incarnation, note) {
        const { type, operation, edge, data } = note;
        accounts.note(machine, incarnation, note);
        behaviour.noted(machine, note);
        if (note.checked !== undefined) health.note(machine, incarnation, kernel.nowUs, note.checked);
        if (operation !== null && edge !== null) {
          audit.note({ atUs: kernel.nowUs, machine, incarnation, type, operation, edge });
        }
        const node = edge === "end" ? nodes.get(machine) : undefined;
        if (node !== undefined) accounts.look(machine, incarnation, node, kernel.nowUs);
        if (kernel.isTracing) kernel.trace("journal", machine, { type, operation, ...toObject(data) });
      },
      error(machine, error) {
        rejections.push({ machine, message: `uncaught: ${describeError(error)}` });
      },
    },
    describeOnce((frame) => system.describeFrame(frame)),
    {
      longJourneyMs: plan.deadlineMs / 2,
      hooks: { detours: plan.detours ?? {}, untilUs: Math.round(plan.phases.healMs * 1000) },
      kindOf: (frame) => system.kindOf?.(frame) ?? null,
      syncLatency: plan.disk?.sync,
      uptimesMs: plan.cluster.uptimesMs,
    },
  );
  options.states?.((machine) => nodes.get(machine)?.snapshot?.() ?? null);
  const clients = createClients(kernel, plan, {
    node: (machine) => nodes.get(machine) ?? null,
    enter: (machine, work) => world.machine(machine).enter(work),
    failed(machine, error) {
      if (error instanceof MachineStopped) return;
      rejections.push({ machine, message: `an operation threw ${describeError(error)}` });
    },
  });

  const stopWatching = watchRejections((reason) => {
    // What unwinds the code of a machine that has just died ends wherever that code had begun.
    if (reason instanceof MachineStopped) return;
    rejections.push({ machine: null, message: `unhandled rejection: ${describeError(reason)}` });
  });
  try {
    world.start();
    scheduleFaults();
    clients.start();
    startOperator(kernel, plan, {
      node: (machine) => nodes.get(machine) ?? null,
      enter: (machine, work) => world.machine(machine).enter(work),
    });
    await kernel.run(Math.round(plan.phases.endMs * 1000));
  } finally {
    await stopWatching();
  }
  if (tripwire.leaks.length > 0) throw new NondeterminismError(tripwire.leaks);

  const machines = kernel.inspect(() => plan.cluster.machines.map((id) => endOf(world.machine(id))));
  const history = clients.history();
  const record: RunRecord = {
    plan,
    history,
    ...(meter !== null && { expiryAllowanceUs: meter.allowanceUs(history, crashedAtUs.size) }),
    loads: clients.loads(),
    audit: audit.lives(),
    health: health.lives(),
    accounts: accounts.lives(),
    crashedAtUs,
    machines,
    owners: (key) => system.owners(key, plan),
    rejections,
    ownTimeUs: (machine, fromUs, untilUs) => world.machine(machine).ownTimeUs(fromUs, untilUs),
    longJourneys: world.network.longJourneys,
    endUs: kernel.nowUs,
  };
  for (const probe of world.hooks.reached) behaviour.happened(`probe/${probe}`);
  for (const detour of world.hooks.taken) behaviour.happened(`detour/${detour}`);
  for (const point of world.hooks.sprung) behaviour.happened(`crash point/${point}`);
  for (const kind of world.network.kinds) if (kind !== null) behaviour.happened(`message/${kind}`);
  const endedByOf = endedPromises(card, world.hooks.reached);
  const isLossy = isBeyondLossBudget(plan, card);
  return {
    plan,
    record,
    violations: options.invariants.flatMap((invariant): readonly Violation[] => {
      const isUndelivered = isLossy && invariant.dependsOnDelivery === true;
      const endedBy = isUndelivered ? LOSSY_NETWORK : endedByOf(invariant.name);
      const violations = asRecorded(invariant.check(record), record.history);
      return endedBy === undefined ? violations : violations.map((violation) => ({ ...violation, endedBy }));
    }),
    statistics: {
      eventCount: kernel.eventCount,
      virtualMs: kernel.nowUs / 1000,
      operations: countResults(record),
      network: { ...world.network.statistics },
      arrivals: world.network.arrivals(),
      recoveryUs: recoveryUs(record.history, plan),
      probes: [...world.hooks.reached].sort(),
      disk: { ...world.diskStatistics },
      crashCount: crashedAtUs.size,
      ghostCount: world.machines.reduce((sum, id) => sum + world.machine(id).ghostCount, 0),
    },
    behaviour: behaviour.result(),
    choices: usual.handSet(),
    digest: kernel.digest(),
  };

  function scheduleFaults(): void {
    for (const fault of plan.faults) {
      const definition = faultKind(fault.kind);
      if (definition === undefined) throw new RangeError(`no fault is called "${fault.kind}"`);
      const label = `fault/${fault.kind}/${definition.machines(fault).join("+")}@${fault.startMs}`;
      const begin = backgroundCause(`${label}/start`);
      const end = backgroundCause(`${label}/stop`);
      const startUs = Math.round(fault.startMs * 1000);
      const endUs = Math.round(fault.endMs * 1000);
      // A fault that ends as it begins must not end first, or it would never end.
      const endTie = endUs > startUs ? end.hash : begin.hash + 1;
      kernel.schedule(startUs, begin.hash, WORLD_LANE, begin, () => {
        kernel.trace("fault.start", null, fault);
        behaviour.faultStarted(fault.kind);
        definition.start(world, fault);
      });
      for (const [index, { atMs, what, run: step }] of (definition.steps?.(fault) ?? []).entries()) {
        const cause = backgroundCause(`${label}/step-${index + 1}`);
        kernel.schedule(Math.round(atMs * 1000), cause.hash, WORLD_LANE, cause, () => {
          kernel.trace("fault.step", null, { kind: fault.kind, what });
          step(world);
        });
      }
      kernel.schedule(endUs, endTie, WORLD_LANE, end, () => {
        kernel.trace("fault.stop", null, fault);
        behaviour.faultStopped(fault.kind);
        definition.stop(world, fault);
      });
    }
  }

  function endOf(machine: Machine) {
    const node = nodes.get(machine.id);
    if (node !== undefined) accounts.close(machine.id, machine.incarnation, node, kernel.nowUs);
    return {
      machine: machine.id,
      incarnation: machine.incarnation,
      isUp: node !== undefined,
      bootedAtUs: machine.bootedAtUs,
      replicas: node?.replicas() ?? [],
    };
  }
}

/** A frame is described where it is sent and where it arrives, and is often one for all peers. */
function describeOnce(describe: (frame: Uint8Array) => unknown): (frame: Uint8Array) => unknown {
  const described = new WeakMap<Uint8Array, unknown>();
  return (frame) => {
    const known = described.get(frame);
    if (known !== undefined) return known;
    const description = describe(frame);
    described.set(frame, description);
    return description;
  };
}

function countResults({ history }: RunRecord) {
  const counts = { total: history.length, ok: 0, fail: 0, indeterminate: 0 };
  for (const { result } of history) counts[result]++;
  return counts;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function toObject(data: unknown): object {
  return typeof data === "object" && data !== null ? data : { data };
}
