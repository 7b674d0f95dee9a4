import { clocksBeyondSkew } from "../run/clock-band.ts";
import { changeOf, membersAtFirst } from "../run/members.ts";
import { nameOf } from "../run/operator.ts";
import type { Plan } from "../run/plan.ts";
import type { Fault } from "../world/faults/index.ts";
import { bytesText } from "../world/byte-quantity.ts";
import type { LatencyModel } from "../world/latency.ts";
import type { Page } from "./page.ts";
import { count, counted, exactSpan, intervals, percent } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented, wrapPhrases } from "./wrap.ts";

const MACHINES_SHOWN_MAX = 9;

/** What a plan does, in a few lines: the cluster, the clients, the faults and when they happen. */
export function renderPlan(plan: Plan, page: Page): string[] {
  const { cluster, clients, operations, phases, network, deadlineMs } = plan;
  const { spares = [] } = cluster;
  const choiceCount = Object.keys(plan.choices ?? {}).length;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    [
      "cluster",
      [`${names(membersAtFirst(plan))};`, ...zonesText(cluster), `each key on ${count(cluster.replication)}`],
    ],
    ...(spares.length > 0 ? [["spares", [names(spares)]] as const] : []),
    ...(cluster.durability === "journal" ? [["disks", diskText(plan).split(" ")] as const] : []),
    ["network", networkText(network).split(" ")],
    [
      "clients",
      [
        `${count(clients.length)} with ${counted(operations.length, "operation")};`,
        `each is answered within ${exactSpan(deadlineMs)}`,
      ],
    ],
    [
      "phases",
      [
        `faults until ${exactSpan(phases.healMs)},`,
        `recovered by ${exactSpan(phases.settleMs)},`,
        `end at ${exactSpan(phases.endMs)}`,
      ],
    ],
    ...clockFacts(plan),
    ...settingFacts(plan),
    ["checked", plan.invariants.join(", ").split(" ")],
    ...(choiceCount > 0 ? [["choices", [`${count(choiceCount)} made by hand`]] as const] : []),
  ];
  return [
    page.style.strong(`${visible(plan.scenario)}, policy ${visible(plan.policy)}, seed ${plan.seed}`),
    ...facts.flatMap(([name, words]) => factLines(name, wrapPhrases(words, page.width - FACT_WIDTH), page)),
    ...factLines("faults", faultLines(plan.faults), page),
    ...(plan.changes === undefined ? [] : factLines("changes", changesText(plan.changes), page)),
  ];
}

/** Only of plans that say something of clocks, or do something to them. */
function clockFacts(plan: Plan): readonly (readonly [string, readonly string[]])[] {
  const { clockSkewMs = 0, clockDriftPpm = 0 } = plan;
  const isRelative = plan.cluster.ttlMode === "relative";
  const beyond = clocksBeyondSkew(plan);
  if (beyond !== null) {
    return [["clocks", `NOT OWED is what depends on clocks: ${beyond}`.split(" ")]];
  }
  const words = [
    ...(clockSkewMs > 0 ? [`wrong within a band of ${exactSpan(clockSkewMs)}`] : []),
    ...(isRelative
      ? [`values expire by monotonic ones, of rates wrong by ${clockDriftPpm} ppm at most`]
      : []),
  ];
  return words.length === 0 ? [] : [["clocks", [words.join("; ")]]];
}

/** Only of plans that set the system otherwise than usual. */
function settingFacts({
  timing = {},
  thresholds = {},
}: Plan): readonly (readonly [string, readonly string[]])[] {
  const words = [
    ...Object.entries(timing).map(([name, ms]) => `${name} ${exactSpan(ms)}`),
    ...Object.entries(thresholds).map(([name, value]) => `${name} ${value}`),
  ];
  return words.length === 0 ? [] : [["settings", words.join(", ").split(" ")]];
}

const FACT_WIDTH = 9;

function factLines(name: string, lines: readonly string[], { style }: Page): string[] {
  const [first = "none", ...others] = lines;
  return [
    style.faint(name.padEnd(FACT_WIDTH)) + visible(first),
    ...indented(others.map(visible), " ".repeat(FACT_WIDTH)),
  ];
}

/** @returns one line a fault, in the order of their beginnings */
function faultLines(faults: readonly Fault[]): string[] {
  const inOrder = [...faults].sort((a, b) => a.startMs - b.startMs);
  const times = intervals(
    inOrder.map(({ startMs, endMs }) => ({ fromUs: startMs * 1000, toUs: endMs * 1000 })),
  );
  return inOrder.map((fault, index) => `${times[index]} ms  ${faultText(fault)}`);
}

/** "at 2 s: add s1, remove n2", a line each, in the order in which they are made. */
export function changesText(changes: NonNullable<Plan["changes"]>): string[] {
  return changes.map((change) => visible(`at ${exactSpan(change.atMs)}: ${nameOf(changeOf(change))}`));
}

/** A fault in a few words, without its times and machines: "clock jump -250 ms", "slow × 4", "lossy link 5 %". */
export function faultLabel({ kind, startMs: _start, endMs: _end, ...rest }: Fault): string {
  const values = Object.entries(rest).flatMap(([name, value]) => {
    if (typeof value === "number") return [quantityText(name, value)];
    return /^(shape|process|point)$/.test(name) ? [String(value)] : [];
  });
  return visibleAtMost([kind.replaceAll("-", " "), ...values].join(" "), 80);
}

/** The unit of a quantity is the end of its name. */
function quantityText(name: string, value: number): string {
  if (name.endsWith("Ms")) return exactSpan(value);
  if (name === "share") return percent(value);
  if (name === "factor") return `× ${value}`;
  return name === "ppm" ? `${value} ppm` : `${name} ${value}`;
}

/** A fault without its times: "partition halves: n1 n2 | n3", "crash machine n3". */
export function faultText(fault: { readonly kind: string }): string {
  const { kind, startMs: _start, endMs: _end, ...rest } = fault as Fault & Record<string, unknown>;
  if (kind === "partition") {
    return visible(partitionText(fault as Extract<Fault, { kind: "partition" }>));
  }
  const fields = Object.entries(rest).map(([name, value]) => {
    if (name === "keepsDisk") return value === true ? "disk kept" : "disk lost";
    return `${name} ${Array.isArray(value) ? names(value.map(itemText)) : String(value)}`;
  });
  return visibleAtMost([kind, ...fields].join(" "), 200);
}

/** Of what a fault lists, the machine and its times: "n2 100 to 250.5". */
function itemText(item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  const { machine, startMs, endMs } = item as Record<string, unknown>;
  return `${String(machine)} ${String(startMs)} to ${String(endMs)};`;
}

function partitionText({
  shape,
  left,
  right,
  bridge,
  periodMs,
}: Extract<Fault, { kind: "partition" }>): string {
  const sides = right.length === 0 ? "" : ` ${shape === "one-way" ? ">" : "|"} ${names(right)}`;
  const both = bridge === undefined ? "" : `, both reach ${bridge}`;
  const period = periodMs === undefined ? "" : `, on and off every ${exactSpan(periodMs)}`;
  return `partition ${shape}: ${names(left)}${sides}${both}${period}`;
}

function names(machines: readonly string[]): string {
  if (machines.length <= MACHINES_SHOWN_MAX) return machines.join(" ");
  const shown = machines.slice(0, MACHINES_SHOWN_MAX - 1);
  return `${shown.join(" ")} and ${machines.length - shown.length} more`;
}

function diskText({ disk }: Plan): string {
  const sync = disk === undefined ? "" : `; a sync takes ${latencyText(disk.sync)}`;
  return `each machine keeps a journal${sync}`;
}

function zonesText({ zones = {} }: Plan["cluster"]): string[] {
  return Object.entries(zones).map(([zone, members]) => `${zone}: ${names(members)};`);
}

type Network = Plan["network"];

function networkText({ crossZone, links = [], ...network }: Network): string {
  return [
    linkText(network),
    ...(crossZone === undefined ? [] : [`between zones ${linkText(crossZone)}`]),
    ...(links.length === 0 ? [] : [`${counted(links.length, "rule")} for single links`]),
  ].join("; ");
}

function linkText(link: NonNullable<Network["crossZone"]>): string {
  const { latency, loss = 0, duplicate = 0, reorder = 0, corrupt = 0, bytesPerSecond, queueBytes } = link;
  const shares = [
    [loss, "lost"],
    [duplicate, "twice"],
    [reorder, "out of order"],
    [corrupt, "damaged"],
  ] as const;
  const odds = shares.filter(([share]) => share > 0).map(([share, what]) => `${percent(share)} ${what}`);
  return [
    ...(latency === undefined ? [] : [`latency ${latencyText(latency)}`]),
    ...odds,
    ...(bytesPerSecond === undefined ? [] : [`${bytesText(bytesPerSecond)}/s`]),
    ...(queueBytes === undefined ? [] : [`queue ${bytesText(queueBytes)}`]),
  ].join(", ");
}

function latencyText(model: LatencyModel): string {
  switch (model.kind) {
    case "constant":
      return exactSpan(model.ms);
    case "uniform":
      return `${exactSpan(model.minMs)} to ${exactSpan(model.maxMs)}`;
    case "exponential":
      return `exponential, mean ${exactSpan(model.meanMs)}, at least ${exactSpan(model.minMs)}`;
    case "lognormal":
      return `lognormal, median ${exactSpan(model.medianMs)}, p99 ${exactSpan(model.p99Ms)}`;
    case "pareto":
      return `Pareto, at least ${exactSpan(model.minMs)}, shape ${model.shape}`;
    case "mixture":
      return `a mixture of ${model.parts.map(({ kind }) => kind).join(", ")}`;
    case "empirical":
      return `measured at ${counted(model.points.length, "point")}, up to ${exactSpan(model.points.at(-1)?.[1] ?? 0)}`;
  }
}
