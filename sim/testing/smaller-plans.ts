import type { KnownNames } from "../run/load/load-names.ts";
import { checkPlan } from "../run/load/load-plan-check.ts";
import type { Plan } from "../run/plan.ts";
import { wholeMicros } from "../world/quantity-text.ts";
import { planText } from "../search/plan-text.ts";
import { cut as cutTime, momentsOf, withTimes } from "../search/shrink/earlier-times.ts";
import { isFair } from "../search/shrink/fair.ts";
import { withChanges, withDetours, withFaults } from "../search/shrink/remove-faults.ts";
import { withoutMachine } from "../search/shrink/remove-machines.ts";
import { withOperations } from "../search/shrink/remove-operations.ts";
import { plainerWorlds } from "../search/shrink/simplify-world.ts";
import { type Cut, cuts, without } from "./cuts.ts";
import { weakerFaults } from "./weaker-faults.ts";

/** How a plan was made from a larger one: where to go on from, if it is the one to go on with. */
export interface Place {
  readonly step: number;
  readonly cut: Cut | null;
  readonly edit: number;
}

export interface SmallerPlan {
  readonly plan: Plan;
  readonly place: Place;
}

/** Leaves out parts of a list, or tries one change after the other. */
type Step =
  | { readonly count: (plan: Plan) => number; readonly leaveOut: (plan: Plan, cut: Cut) => Plan }
  | { readonly edits: (plan: Plan) => Iterable<Plan> };

/**
 * Plans that are a little simpler than one, the boldest first: those that the fast-check arbitrary offers when a
 * property fails. Each could be loaded, and none asks more of the system than its larger one did (`isFair`).
 *
 * Whoever takes one of them goes on at the place where it was found, and comes round to what lies before it last. So
 * when none is taken any more, no single step makes the plan smaller, and all steps together are tried about twice.
 * Every step leaves something out, or makes a number rounder or nearer to zero: there is no endless chain.
 */
export function* smallerPlans(plan: Plan, known: KnownNames, from: Place | null): Iterable<SmallerPlan> {
  const text = planText(plan);
  for (const candidate of candidates(plan, from)) {
    if (planText(candidate.plan) === text) continue;
    if (checkPlan(candidate.plan, known).length > 0 || !isFair(plan, candidate.plan)) continue;
    yield candidate;
  }
}

function* candidates(plan: Plan, from: Place | null): Iterable<SmallerPlan> {
  const first = from?.step ?? 0;
  for (let turn = 0; turn <= steps.length; turn++) {
    const number = (first + turn) % steps.length;
    const step = steps[number] as Step;
    const start = turn === 0 ? from : null;
    if ("count" in step) {
      for (const cut of cuts(step.count(plan), start?.cut ?? null)) {
        yield { plan: step.leaveOut(plan, cut), place: { step: number, cut, edit: 0 } };
      }
      continue;
    }
    let edit = 0;
    for (const edited of step.edits(plan)) {
      if (edit >= (start?.edit ?? 0)) yield { plan: edited, place: { step: number, cut: null, edit } };
      edit++;
    }
  }
}

const steps: readonly Step[] = [
  { edits: withoutClients },
  { edits: withoutKeys },
  {
    count: ({ operations }) => operations.length,
    leaveOut: (plan, cut) => withOperations(plan, without(plan.operations, cut)),
  },
  {
    count: ({ faults }) => faults.length,
    leaveOut: (plan, cut) => withFaults(plan, without(plan.faults, cut)),
  },
  {
    count: ({ changes = [] }) => changes.length,
    leaveOut: (plan, cut) => withChanges(plan, without(plan.changes ?? [], cut)),
  },
  {
    count: ({ detours = {} }) => Object.keys(detours).length,
    leaveOut: (plan, cut) => withDetours(plan, without(Object.entries(plan.detours ?? {}), cut)),
  },
  { edits: withFewerMachines },
  { edits: (plan) => [allPlain(plan), ...plainerWorlds.map((edit) => edit(plan))] },
  { edits: withMildChoices },
  { edits: weakerFaults },
  { edits: withLessIdleTime },
  { edits: withRoundTimes },
];

function* withoutClients(plan: Plan): Iterable<Plan> {
  for (const client of new Set(plan.operations.map((operation) => operation.client))) {
    yield withOperations(
      plan,
      plan.operations.filter((operation) => operation.client !== client),
    );
  }
}

function* withoutKeys(plan: Plan): Iterable<Plan> {
  for (const key of new Set(plan.operations.map((operation) => operation.key))) {
    yield withOperations(
      plan,
      plan.operations.filter((operation) => operation.key !== key),
    );
  }
}

function* withFewerMachines(plan: Plan): Iterable<Plan> {
  const acting = new Set(plan.operations.map(({ client }) => client));
  yield { ...plan, clients: plan.clients.filter(({ id }) => acting.has(id)) };
  for (const machine of plan.cluster.machines.toReversed()) {
    const smaller = withoutMachine(plan, machine);
    if (smaller !== null) yield smaller;
  }
  const { cluster } = plan;
  if (cluster.replication > 1) {
    yield { ...plan, cluster: { ...cluster, replication: cluster.replication - 1 } };
  }
}

function allPlain(plan: Plan): Plan {
  return plainerWorlds.reduce((changed, edit) => edit(changed), plan);
}

function* withMildChoices(given: Plan): Iterable<Plan> {
  const { choices: _, ...plan } = given;
  yield { ...plan, otherChoices: "mildest" };
}

/** Each stretch in which nothing begins or ends, left out or halved. */
function* withLessIdleTime(plan: Plan): Iterable<Plan> {
  const moments = momentsOf(plan);
  for (const [index, toMs] of moments.entries()) {
    const idleMs = toMs - (moments[index - 1] ?? 0);
    for (const share of [1, 1 / 2]) {
      const lengthMs = wholeMicros(idleMs * share);
      if (lengthMs >= 1) yield cutTime(plan, toMs, lengthMs);
    }
  }
}

function* withRoundTimes(plan: Plan): Iterable<Plan> {
  for (const stepMs of [100, 10, 1]) yield withTimes(plan, (ms) => Math.floor(ms / stepMs) * stepMs);
}
