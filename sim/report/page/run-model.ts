import type { PageOperation, PagePayload } from "./payload.ts";

/** The run as the views want it: events by place, messages as arrows, what belongs to whom. */
export interface RunModel {
  readonly payload: PagePayload;
  readonly count: number;
  readonly timeUs: Float64Array;
  /** -1 for the world. */
  readonly machine: Int32Array;
  /** -1 for none. */
  readonly cause: Int32Array;
  readonly arrows: readonly Arrow[];
  /** Events that happen to a machine in a moment: of its disk and its processes, of the operator, and detours. */
  readonly marks: readonly number[];
  /** Stretches in which a machine was down. */
  readonly outages: readonly Outage[];
  readonly operationOf: ReadonlyMap<string, PageOperation>;
  kind(event: number): string;
  activity(event: number): string;
  key(event: number): string | null;
  data(event: number): Readonly<Record<string, unknown>>;
  /** One event in words. */
  text(event: number): string;
}

/** A message, from its send to where it arrived or was lost. */
export interface Arrow {
  readonly send: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly fate: "delivered" | "lost" | "under way";
}

export interface Outage {
  readonly machine: number;
  readonly startUs: number;
  readonly endUs: number;
}

export function createRunModel(payload: PagePayload): RunModel {
  const { events } = payload;
  const count = events.timeUs.length;
  const timeUs = new Float64Array(count);
  const machine = new Int32Array(count);
  const cause = new Int32Array(count);
  let now = 0;
  for (let event = 0; event < count; event++) {
    now += events.timeUs[event] ?? 0;
    timeUs[event] = now;
    machine[event] = (events.machine[event] ?? 0) - 1;
    const back = events.back[event] ?? 0;
    cause[event] = back === 0 ? -1 : event - back;
  }
  const kind = (event: number): string => events.kinds[events.kind[event] ?? 0] ?? "";
  const data = (event: number): Readonly<Record<string, unknown>> => {
    const rest = events.rests[events.rest[event] ?? 0];
    const message = events.message[event] ?? 0;
    const fields =
      typeof rest === "object" && rest !== null ? (rest as Record<string, unknown>) : { data: rest };
    return message === 0 ? fields : { ...fields, message: events.messages[message - 1] };
  };
  const model = {
    payload,
    count,
    timeUs,
    machine,
    cause,
    kind,
    data,
    activity: (event: number) => events.activities[events.activity[event] ?? 0] ?? "",
    key: (event: number) => events.keyNames[(events.key[event] ?? 0) - 1] ?? null,
    operationOf: new Map(payload.operations.map((operation) => [operation.id, operation])),
  };
  const told = toldOf(events);
  return {
    ...model,
    marks: [...told.keys()].filter((event) => MARKS.test(kind(event))),
    arrows: arrowsOf(model),
    outages: outagesOf(model),
    text: (event) => told.get(event) ?? textOf(kind(event), data(event)),
  };
}

const MARKS = /^(?:process\.kill|disk\.(?:loss|rot|full|failure)|hook\.|operator\.)/;

/** The events of which the page was given the words. */
function toldOf({ told, words }: PagePayload["events"]): Map<number, string> {
  const texts = new Map<number, string>();
  let event = 0;
  for (const [after, place] of told) texts.set((event += after), words[place] ?? "");
  return texts;
}

type Basics = Pick<RunModel, "payload" | "count" | "timeUs" | "machine" | "cause" | "kind" | "data">;

function arrowsOf({ payload, count, timeUs, machine, cause, kind, data }: Basics): Arrow[] {
  const arrows: Arrow[] = [];
  const ended = new Set<number>();
  const timeAt = (event: number): number => timeUs[event] ?? 0;
  for (let event = 0; event < count; event++) {
    const what = kind(event);
    if (what !== "net.deliver" && what !== "net.drop") continue;
    let send = cause[event] ?? -1;
    while (send >= 0 && /^net\.(hold|corrupt)$/.test(kind(send))) send = cause[send] ?? -1;
    if (send < 0 || kind(send) !== "net.send") continue;
    ended.add(send);
    arrows.push({
      send,
      end: event,
      from: machine[send] ?? -1,
      to: machine[event] ?? -1,
      startUs: timeAt(send),
      endUs: timeAt(event),
      fate: what === "net.deliver" ? "delivered" : "lost",
    });
  }
  for (let event = 0; event < count; event++) {
    if (kind(event) !== "net.send" || ended.has(event)) continue;
    const to = payload.machines.indexOf(String(data(event)["to"]));
    const from = machine[event] ?? -1;
    arrows.push({
      send: event,
      end: event,
      from,
      to,
      startUs: timeAt(event),
      endUs: payload.endUs,
      fate: "under way",
    });
  }
  return arrows.sort((a, b) => a.send - b.send);
}

function outagesOf({ payload, count, timeUs, machine, kind }: Basics): Outage[] {
  const since = new Map<number, number>();
  const outages: Outage[] = [];
  for (let event = 0; event < count; event++) {
    const who = machine[event] ?? -1;
    const at = timeUs[event] ?? 0;
    if (kind(event) === "machine.crash") since.set(who, at);
    const start = since.get(who);
    if (kind(event) !== "machine.boot" || start === undefined) continue;
    outages.push({ machine: who, startUs: start, endUs: at });
    since.delete(who);
  }
  for (const [who, startUs] of since) outages.push({ machine: who, startUs, endUs: payload.endUs });
  return outages;
}

function textOf(kind: string, data: Readonly<Record<string, unknown>>): string {
  const { message, ...rest } = data;
  const letter = message === undefined ? "" : dataText(message);
  switch (kind) {
    case "net.send":
      return `sends to ${String(data["to"])}: ${letter}`;
    case "net.deliver":
      return `receives from ${String(data["from"])}: ${letter}`;
    case "net.drop":
      return `LOST from ${String(data["from"])} (${String(data["reason"])}): ${letter}`;
    case "net.hold":
      return `held up from ${String(data["from"])}: ${letter}`;
    case "client.call":
      return `${String(data["id"])} asks: ${dataText({ kind: data["kind"], key: data["key"], value: data["value"] })}`;
    case "client.return":
      return `${String(data["id"])} ${data["error"] === "deadline" ? "gives up" : "is answered"}: ${dataText({ kind: data["result"], value: data["value"], error: data["error"] })}`;
    case "journal": {
      const { type, operation: _operation, ...others } = rest;
      return `${String(type)} ${dataText(others)}`;
    }
    default:
      return `${kind} ${dataText(rest)}${letter}`;
  }
}

/** Plain data as short as it stays readable: `store key=k1 version=3.n1@1`. */
export function dataText(value: unknown): string {
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Array.isArray(value)) return `[${value.map(dataText).join(", ")}]`;
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== undefined)
    .map(([name, part], place) => {
      if (place === 0 && /^(type|kind)$/.test(name) && typeof part === "string") return part;
      return `${name}=${typeof part === "object" && !Array.isArray(part) ? `{${dataText(part)}}` : dataText(part)}`;
    })
    .join(" ");
}

function scalar(value: unknown): string {
  return typeof value === "string" && /^[^\s="{}[\],]+$/.test(value)
    ? value
    : (JSON.stringify(value) ?? "nothing");
}

/** How many of ascending numbers are at most `limit`. */
export function countUpTo(ascending: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
