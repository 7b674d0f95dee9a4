import type { TraceEvent } from "../../kernel/trace-sink.ts";
import type { Operation } from "../../run/history.ts";
import type { Violation } from "../../run/invariant.ts";
import { changeOf } from "../../run/members.ts";
import { nameOf } from "../../run/operator.ts";
import type { Plan } from "../../run/plan.ts";
import { planText } from "../../search/plan-text.ts";
import type { Replay } from "../../trace/replay.ts";
import { faultKind } from "../../world/faults/index.ts";
import { requestText, resultText } from "../certificate.ts";
import { violationEvent } from "../event-log.ts";
import type { Explanation } from "../explanation.ts";
import {
  PAGE_FORMAT,
  PAGE_VERSION,
  type PageExplanation,
  type PageFault,
  type PageOperation,
  type PagePayload,
} from "../page/payload.ts";
import { changesText, faultLabel, faultText } from "../plan-summary.ts";
import type { Writer } from "../trace-lines.ts";
import { count, span } from "../units.ts";
import { eventColumns } from "./event-columns.ts";
import { keyHistories } from "./key-histories.ts";
import { pageAbsences, pageChanges } from "./page-members.ts";
import { statePatches } from "./state-patches.ts";

export interface PageOptions {
  /** The line that replays the run. */
  readonly command: string;
  /** Why a violation is none to fail for; null when it is one. */
  readonly whyExpected: (violation: Violation) => string | null;
  readonly writer: Writer;
  readonly explanation?: Explanation | undefined;
  /** What else there is to say of the run, name and text. */
  readonly facts?: readonly (readonly [name: string, text: string])[] | undefined;
}

const VIOLATIONS_MAX = 100;

/** Everything that the page of a run shows. */
export function pagePayload(replay: Replay, options: PageOptions): PagePayload {
  const { outcome, events, states, traceHash } = replay;
  const { plan, record, violations } = outcome;
  const { machines } = plan.cluster;
  const changes = pageChanges(plan, events, record.endUs);
  const shown = violations.slice(0, VIOLATIONS_MAX);
  const clients = plan.clients.map(({ id }) => id);
  const placeOf = new Map(record.history.map(({ id }, place) => [id, place]));
  const places = (operations: readonly Operation[]): number[] =>
    operations.map(({ id }) => placeOf.get(id)).filter((place) => place !== undefined);
  return {
    format: PAGE_FORMAT,
    version: PAGE_VERSION,
    scenario: plan.scenario,
    policy: plan.policy,
    seed: plan.seed,
    traceHash,
    command: options.command,
    facts: [...facts(replay, options.writer), ...(options.facts ?? [])],
    plan: planText(plan),
    machines,
    clients,
    healUs: plan.phases.healMs * 1000,
    endUs: record.endUs,
    faults: plan.faults.map((fault) => pageFault(fault, machines)),
    operations: pageOperations(record.history, clients, events),
    changes,
    absences: pageAbsences(plan, changes, record.endUs),
    events: eventColumns(events, machines),
    violations: shown.map((violation) => ({
      invariant: violation.invariant,
      key: violation.key,
      summary: violation.summary,
      notes: violation.notes,
      operations: places(violation.operations),
      event: violationEvent(events, violation),
      expected: options.whyExpected(violation),
    })),
    keys: keyHistories(outcome, places),
    states: statePatches(machines, states),
    explanation:
      options.explanation === undefined ? null : pageExplanation(options.explanation, plan, shown, placeOf),
  };
}

/** Of the lists of the plan, those of the page. */
function pageExplanation(
  { invariant, key, necessary, ...others }: Explanation,
  plan: Plan,
  violations: readonly Violation[],
  placeOf: ReadonlyMap<string, number>,
): PageExplanation {
  const violation = violations.findIndex((each) => each.invariant === invariant && each.key === key);
  const ids = necessary.operations.map((place) => plan.operations[place]?.id ?? "");
  return {
    ...others,
    violation: violation < 0 ? null : violation,
    faults: necessary.faults,
    operations: ids.map((id) => placeOf.get(id)).filter((place) => place !== undefined),
    otherNecessary: necessary.others,
    changes: necessary.changes.map((place) => nameOf(changeOf(plan.changes?.[place] ?? {}))),
  };
}

function facts({ outcome, events }: Replay, writer: Writer): (readonly [string, string])[] {
  const { statistics, plan, violations } = outcome;
  const { operations, network } = statistics;
  return [
    ["virtual time", span(statistics.virtualMs)],
    ["events", count(events.length)],
    [
      "operations",
      `${count(operations.ok)} ok, ${count(operations.fail)} fail, ${count(operations.indeterminate)} indeterminate`,
    ],
    ["messages", `${count(network.sent)} sent, ${count(network.delivered)} delivered`],
    ["faults", count(plan.faults.length)],
    ...membersFacts(plan),
    ["violations", count(violations.length)],
    ["written by", `cache-sim ${writer.code}, Node ${writer.node}`],
  ];
}

/** Only of plans in which the cluster changes, or might. */
function membersFacts(plan: Plan): (readonly [string, string])[] {
  const { cluster, changes = [] } = plan;
  const { spares = [] } = cluster;
  return [
    ...(spares.length === 0 ? [] : [["spares", spares.join(" ")] as const]),
    ...(changes.length === 0 ? [] : [["changes", changesText(changes).join("; ")] as const]),
  ];
}

function pageFault(fault: Plan["faults"][number], machines: readonly string[]): PageFault {
  const hit = faultKind(fault.kind)?.machines(fault) ?? [];
  return {
    kind: fault.kind,
    text: faultText(fault),
    label: faultLabel(fault),
    machines: hit.map((machine) => machines.indexOf(machine)).filter((place) => place >= 0),
    startUs: fault.startMs * 1000,
    endUs: fault.endMs * 1000,
  };
}

function pageOperations(
  history: readonly Operation[],
  clients: readonly string[],
  events: readonly TraceEvent[],
): PageOperation[] {
  const calls = new Map<string, number>();
  const answers = new Map<string, number>();
  for (const { kind, activity, index } of events) {
    if (kind === "client.call") calls.set(activity, index);
    if (kind === "client.return") answers.set(activity, index);
  }
  const clientPlace = new Map(clients.map((client, place) => [client, place]));
  return history.map((operation) => ({
    id: operation.id,
    client: clientPlace.get(operation.client) ?? 0,
    key: operation.key,
    request: requestText(operation),
    answer: resultText(operation),
    result: operation.result,
    callUs: operation.callUs,
    returnUs: Number.isFinite(operation.returnUs) ? operation.returnUs : null,
    callEvent: calls.get(operation.id) ?? null,
    returnEvent: answers.get(operation.id) ?? null,
  }));
}
