import type { TraceEvent } from "../../kernel/trace-sink.ts";
import type { Operation } from "../../run/history.ts";
import { sendOf } from "../../trace/causality.ts";
import type { Replay } from "../../trace/replay.ts";
import { requestText, resultText } from "../certificate.ts";
import { eventText } from "../event-text.ts";
import { faultText } from "../plan-summary.ts";
import { jsonDocument } from "./json-document.ts";

/**
 * The Trace Event Format, JSON object form, which https://ui.perfetto.dev and chrome://tracing open
 * ("Trace Event Format", Google, revision of 2016). Times are microseconds.
 *
 * Operations are asynchronous spans (`b`, `e`), since a client's may overlap; what happens on a machine is a slice of
 * one microsecond (`X`), since a flow arrow must begin and end in a slice; messages are flows (`s`, `f`).
 */
const [CLIENTS, MACHINES, WORLD] = [1, 2, 3] as const;

export function perfettoLines(replay: Replay): Iterable<string> {
  const { outcome, traceHash } = replay;
  const { scenario, policy, seed } = outcome.plan;
  const about = { scenario, policy, seed, traceHash };
  return jsonDocument(
    `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n`,
    entries(replay),
    "\n]}\n",
  );
}

function* entries({ outcome, events }: Replay): Generator<object> {
  const { plan, record } = outcome;
  const machines = new Map(plan.cluster.machines.map((name, place) => [name, place + 1]));
  const clients = new Map(plan.clients.map(({ id }, place) => [id, place + 1]));
  yield* names(CLIENTS, "clients", clients);
  yield* names(MACHINES, "machines", machines);
  yield* names(WORLD, "faults", new Map([["faults", 1]]));
  for (const operation of record.history) yield* operationSpan(operation, clients, record.endUs);
  for (const [place, fault] of plan.faults.entries()) {
    const about = { pid: WORLD, tid: 1, cat: "fault", id: `fault-${place}`, name: faultText(fault) };
    yield { ...about, ph: "b", ts: fault.startMs * 1000 };
    yield { ...about, ph: "e", ts: fault.endMs * 1000 };
  }
  for (const event of events) yield* machineSlice(event, events, machines);
}

function* names(pid: number, process: string, threads: ReadonlyMap<string, number>): Generator<object> {
  yield { ph: "M", pid, tid: 0, name: "process_name", args: { name: process } };
  yield { ph: "M", pid, tid: 0, name: "process_sort_index", args: { sort_index: pid } };
  for (const [name, tid] of threads) yield { ph: "M", pid, tid, name: "thread_name", args: { name } };
}

function* operationSpan(
  operation: Operation,
  clients: ReadonlyMap<string, number>,
  endUs: number,
): Generator<object> {
  const { id, client, machine, callUs, returnUs } = operation;
  const about = {
    pid: CLIENTS,
    tid: clients.get(client) ?? 0,
    cat: "operation",
    id,
    name: requestText(operation),
  };
  yield { ...about, ph: "b", ts: callUs, args: { operation: id, machine } };
  yield { ...about, ph: "e", ts: Math.min(returnUs, endUs), args: { result: resultText(operation) } };
}

function* machineSlice(
  event: TraceEvent,
  events: readonly TraceEvent[],
  machines: ReadonlyMap<string, number>,
): Generator<object> {
  const tid = machines.get(event.machine ?? "");
  if (tid === undefined) return;
  const { index, timeUs: ts, kind, cause, activity } = event;
  const place = { pid: MACHINES, tid, ts };
  const args = { event: index, cause, activity, what: eventText(event, undefined) };
  yield { ...place, ph: "X", dur: 1, cat: kind, name: kind, args };
  if (kind === "net.send") yield { ...place, ph: "s", cat: "message", id: index, name: "message" };
  const sent = kind === "net.deliver" ? sendOf(events, event) : null;
  if (sent !== null) yield { ...place, ph: "f", bp: "e", cat: "message", id: sent.index, name: "message" };
}
