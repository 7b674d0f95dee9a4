import type { CampaignRow } from "../../search/ledger.ts";
import { mergeRecoveries, recoveryQuantileUs, type RecoveryTally } from "../../search/recovery-tally.ts";
import { alignedLines, type Cell } from "../columns.ts";
import type { Page } from "../page.ts";
import { span } from "../units.ts";
import { visible } from "../visible.ts";
import { indented, wrap } from "../wrap.ts";

const INDENT = "  ";
/** Kinds that have a line of their own; the others share one. */
const KINDS_SHOWN_MAX = 10;
/** What the name of a kind takes, and what the times of one policy take at least. */
const KIND_WIDTH = 18;
const POLICY_WIDTH = 18;

/** A kind of fault and what it did to each policy, in their order. */
interface KindRow {
  readonly label: string;
  /** Of each policy the times of half of the runs and of 99 % of them, in microseconds; null without such runs. */
  readonly times: readonly (Times | null)[];
}

/** Infinity when so many never recovered. */
interface Times {
  readonly halfUs: number;
  readonly mostUs: number;
}

/** How long recovery took after each kind of fault, the slowest first. Nothing when there were no faults. */
export function renderRecoveries(rows: readonly CampaignRow[], page: Page): string[] {
  const { width } = page;
  const policies = [...new Set(rows.map(({ policy }) => policy))];
  const kinds = kindRows(rows, policies);
  if (kinds.length === 0) return [];
  const perTable = Math.max(1, Math.floor((width - INDENT.length - KIND_WIDTH) / POLICY_WIDTH));
  const tables: string[] = [];
  for (let first = 0; first < policies.length; first += perTable) {
    const shown = kinds.map(({ label, times }) => ({ label, times: times.slice(first, first + perTable) }));
    tables.push(...tableOf(policies.slice(first, first + perTable), shown, page));
  }
  const title =
    "Recovery, from the end of the last fault to the end of the last operation that was not answered ok, in the " +
    "runs that had a fault of the kind (half of them / 99 % of them):";
  return ["", ...wrap(title, width), ...indented(tables, INDENT)];
}

function kindRows(rows: readonly CampaignRow[], policies: readonly string[]): KindRow[] {
  const byPolicy = policies.map((policy) =>
    rows
      .filter((row) => row.policy === policy)
      .map(({ tally }) => tally.recoveries)
      .reduce(mergeRecoveries, []),
  );
  const kinds = new Set(byPolicy.flatMap((tallies) => tallies.map(({ kind }) => kind)));
  const all = [...kinds].map((kind): KindRow => {
    const times = byPolicy.map((tallies) => timesOf(tallies.find((tally) => tally.kind === kind)));
    return { label: kind, times };
  });
  all.sort((a, b) => bySlowness(slownessOf(a), slownessOf(b)));
  if (all.length <= KINDS_SHOWN_MAX + 1) return all;
  const others = all.slice(KINDS_SHOWN_MAX);
  const label = `${others.length} others, at most`;
  return [
    ...all.slice(0, KINDS_SHOWN_MAX),
    { label, times: policies.map((_, index) => worst(others, index)) },
  ];
}

function timesOf(tally: RecoveryTally | undefined): Times | null {
  if (tally === undefined) return null;
  return {
    halfUs: recoveryQuantileUs(tally, 0.5) ?? Infinity,
    mostUs: recoveryQuantileUs(tally, 0.99) ?? Infinity,
  };
}

function worst(rows: readonly KindRow[], policy: number): Times | null {
  const times = rows.flatMap((row) => row.times[policy] ?? []);
  if (times.length === 0) return null;
  return {
    halfUs: Math.max(...times.map(({ halfUs }) => halfUs)),
    mostUs: Math.max(...times.map(({ mostUs }) => mostUs)),
  };
}

/** What 99 % of the runs took, policy by policy, the slowest first: one that never recovers hides no other. */
function slownessOf({ times }: KindRow): number[] {
  return times.flatMap((each) => each?.mostUs ?? []).sort((a, b) => (a < b ? 1 : -1));
}

function bySlowness(a: readonly number[], b: readonly number[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? -1;
    if (one !== other) return one > other ? -1 : 1;
  }
  return b.length - a.length;
}

function tableOf(policies: readonly string[], kinds: readonly KindRow[], { style }: Page): string[] {
  const titles = ["fault", ...policies.map(visible)].map((text) => ({ text, set: style.faint }));
  const time = (us: number): string => (us === Infinity ? "never" : span(us / 1000));
  const cellOf = (times: Times | null): Cell => {
    if (times === null) return { text: "-" };
    const text = `${time(times.halfUs)} / ${time(times.mostUs)}`;
    return times.mostUs === Infinity ? { text, set: style.bad } : { text };
  };
  const lines = kinds.map(({ label, times }) => [{ text: visible(label) }, ...times.map(cellOf)]);
  return alignedLines([titles, ...lines], ["left", ...policies.map(() => "right" as const)]);
}
