import type { CampaignRow } from "../search/ledger.ts";
import { mergeRecoveries, recoveryQuantileUs, type RecoveryTally } from "../search/recovery-tally.ts";
import { alignedLines, type Cell } from "./columns.ts";
import type { Page } from "./page.ts";
import { count, span } from "./units.ts";
import { visible } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

const INDENT = "  ";
const TITLES = ["policy", "fault", "runs", "half", "99 %", "longest"] as const;

/** How long recovery took after each kind of fault, the slowest first. Nothing when there were no faults. */
export function renderRecoveries(rows: readonly CampaignRow[], page: Page): string[] {
  const { style, width } = page;
  const lines = policiesOf(rows).flatMap((policy) => {
    const tallies = rows.filter((row) => row.policy === policy).map(({ tally }) => tally.recoveries);
    return tallies
      .reduce(mergeRecoveries, [])
      .toSorted((a, b) => slowness(b) - slowness(a))
      .map((tally) => lineOf(policy, tally, page));
  });
  if (lines.length === 0) return [];
  const titles = TITLES.map((text) => ({ text, set: style.faint }));
  return [
    "",
    ...wrap(
      "Recovery, from the end of the last fault to the end of the last operation that was not answered ok:",
      width,
    ),
    ...indented(
      alignedLines([titles, ...lines], ["left", "left", "right", "right", "right", "right"]),
      INDENT,
    ),
  ];
}

function policiesOf(rows: readonly CampaignRow[]): string[] {
  return [...new Set(rows.map(({ policy }) => policy))];
}

/** The share of runs that never recovered comes first, then the time that 99 % of them took. */
function slowness(tally: RecoveryTally): number {
  return recoveryQuantileUs(tally, 0.99) ?? Number.POSITIVE_INFINITY;
}

function lineOf(policy: string, tally: RecoveryTally, { style }: Page): Cell[] {
  const time = (us: number | null): Cell =>
    us === null ? { text: "never", set: style.bad } : { text: span(us / 1000) };
  return [
    { text: visible(policy) },
    { text: visible(tally.kind) },
    { text: count(tally.count) },
    time(recoveryQuantileUs(tally, 0.5)),
    time(recoveryQuantileUs(tally, 0.99)),
    time(tally.neverCount > 0 ? null : tally.maxUs),
  ];
}

/**
 * The probes that fired in no run: what the system does then was not tested.
 *
 * @param probes all that the systems of the campaign have
 */
export function renderUnseen(probes: readonly string[], rows: readonly CampaignRow[], page: Page): string[] {
  const seen = new Set(rows.flatMap(({ tally }) => tally.probes));
  const unseen = probes.filter((probe) => !seen.has(probe));
  if (unseen.length === 0) return [];
  const names = unseen.map(visible).join(", ");
  return [
    "",
    ...wrap(
      `Seen in no run, so untested here (${unseen.length} of ${probes.length} probes): ${names}`,
      page.width,
    ),
  ];
}
