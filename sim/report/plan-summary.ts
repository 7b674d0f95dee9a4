import { clocksBeyondSkew } from "../run/clock-band.ts";
import type { Plan } from "../run/plan.ts";
import type { Fault } from "../world/faults/index.ts";
import type { LatencyModel } from "../world/latency.ts";
import type { Page } from "./page.ts";
import { count, counted, exactSpan, intervals, percent } from "./units.ts";
import { visible, visibleAtMost } from "./visible.ts";
import { indented, wrapPhrases } from "./wrap.ts";

const MACHINES_SHOWN_MAX = 9;

/** What a plan does, in a few lines: the cluster, the clients, the faults and when they happen. */
export function renderPlan(plan: Plan, page: Page): string[] {
  const { cluster, clients, operations, phases, network, deadlineMs } = plan;
  const choiceCount = Object.keys(plan.choices ?? {}).length;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ["cluster", [`${names(cluster.machines)};`, `each key on ${count(cluster.replication)}`]],
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
    ["checked", plan.invariants.join(", ").split(" ")],
    ...(choiceCount > 0 ? [["choices", [`${count(choiceCount)} made by hand`]] as const] : []),
  ];
  return [
    page.style.strong(`${visible(plan.scenario)}, policy ${visible(plan.policy)}, seed ${plan.seed}`),
    ...facts.flatMap(([name, words]) => factLines(name, wrapPhrases(words, page.width - FACT_WIDTH), page)),
    ...factLines("faults", faultLines(plan.faults), page),
  ];
}

/** Only of plans that say something of clocks, or do something to them. */
function clockFacts(plan: Plan): readonly (readonly [string, readonly string[]])[] {
  const { clockSkewMs = 0 } = plan;
  const beyond = clocksBeyondSkew(plan);
  if (clockSkewMs === 0 && beyond === null) return [];
  const words =
    beyond === null
      ? [`wrong within a band of ${exactSpan(clockSkewMs)}`]
      : `NOT OWED is what depends on clocks: ${beyond}`.split(" ");
  return [["clocks", words]];
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

/** A fault without its times: "partition halves: n1 n2 | n3", "crash machine n3". */
export function faultText(fault: { readonly kind: string }): string {
  const { kind, startMs: _start, endMs: _end, ...rest } = fault as Fault & Record<string, unknown>;
  if (kind === "partition") {
    const { shape, left, right } = fault as Extract<Fault, { kind: "partition" }>;
    return visible(`partition ${shape}: ${names(left)} ${shape === "one-way" ? ">" : "|"} ${names(right)}`);
  }
  const fields = Object.entries(rest).map(([name, value]) => {
    return `${name} ${Array.isArray(value) ? names(value.map(String)) : String(value)}`;
  });
  return visibleAtMost([kind, ...fields].join(" "), 200);
}

function names(machines: readonly string[]): string {
  if (machines.length <= MACHINES_SHOWN_MAX) return machines.join(" ");
  const shown = machines.slice(0, MACHINES_SHOWN_MAX - 1);
  return `${shown.join(" ")} and ${machines.length - shown.length} more`;
}

function networkText({ latency, loss, duplicate, reorder }: Plan["network"]): string {
  const shares = [
    [loss, "lost"],
    [duplicate, "twice"],
    [reorder, "out of order"],
  ] as const;
  const odds = shares.filter(([share]) => share > 0).map(([share, what]) => `${percent(share)} ${what}`);
  return [`latency ${latencyText(latency)}`, ...odds].join(", ");
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
  }
}
