import { mergeBehaviours, noBehaviour } from "../../search/behaviour-tally.ts";
import type { SeedRange } from "../../search/job.ts";
import { type Novelty, noveltyOf } from "../../search/novelty.ts";
import type { DocumentRow } from "../../search/report/document.ts";
import { type Column, tableLine, tableWidth } from "../columns.ts";
import type { Page } from "../page.ts";
import { count } from "../units.ts";
import { visible } from "../visible.ts";
import { indented, wrap } from "../wrap.ts";

const INDENT = "  ";

/** The kinds of what can be exercised, in the order in which they are shown. */
const KINDS = [
  ["fault", "faults"],
  ["detour", "detours"],
  ["probe", "probes"],
  ["crash point", "crash points"],
  ["message", "messages"],
  ["state", "states"],
] as const;

export const COVERAGE_TITLES: readonly string[] = KINDS.map(([, title]) => title);

/** What of one kind a campaign exercised under a policy. */
export interface KindCoverage {
  readonly title: string;
  /** Names, each with the number of runs. */
  readonly met: readonly (readonly [name: string, runs: number])[];
  /** Names of what could have been met and was not. */
  readonly missed: readonly string[];
}

/** What a campaign exercised under a policy, in all of its scenarios together. */
export interface PolicyCoverage {
  readonly policy: string;
  readonly kinds: readonly KindCoverage[];
  /** Of each of its scenarios, since what is new in one may be old in another. */
  readonly novelty: Novelty;
}

/** Policy by policy, in the order in which they come. */
export function coverageOf(rows: readonly DocumentRow[], seeds: SeedRange): PolicyCoverage[] {
  const policies = [...new Set(rows.map(({ policy }) => policy))];
  return policies.map((policy) => {
    const own = rows.filter((row) => row.policy === policy);
    const { features } = own.map(({ tally }) => tally.behaviour).reduce(mergeBehaviours, noBehaviour);
    const reachable = new Set(own.flatMap((row) => row.reachable));
    const known = new Set(features.map(([feature]) => feature));
    return {
      policy,
      kinds: KINDS.map(([kind, title]) => ({
        title,
        met: features.flatMap(([feature, runs]) => {
          return feature.startsWith(`${kind}/`) ? [[feature.slice(kind.length + 1), runs] as const] : [];
        }),
        missed: [...reachable]
          .filter((feature) => feature.startsWith(`${kind}/`) && !known.has(feature))
          .map((feature) => feature.slice(kind.length + 1)),
      })),
      novelty: sumOf(own.map(({ tally }) => noveltyOf(tally.behaviour, seeds))),
    };
  });
}

function sumOf(novelties: readonly Novelty[]): Novelty {
  return novelties.reduce((a, b) => ({
    total: a.total + b.total,
    newInLastTenth: a.newInLastTenth + b.newInLastTenth,
    curve: a.curve.map((each, part) => each + (b.curve[part] ?? 0)),
    isSample: a.isSample || b.isSample,
  }));
}

/** "12 of 14"; "-" where there is nothing to meet. */
export function kindText({ met, missed }: KindCoverage): string {
  const all = met.length + missed.length;
  return all === 0 ? "-" : `${met.length} of ${all}`;
}

/** "37 of 1,204": what the last tenth of the seeds was the first to show, of all that was met. */
export function noveltyText({ newInLastTenth, total, isSample }: Novelty): string {
  return `${count(newInLastTenth)} of ${count(total)}${isSample ? " (sample)" : ""}`;
}

/** What was exercised, in a line a policy, and what was never met. Nothing when nothing was run. */
export function renderCoverage(rows: readonly DocumentRow[], seeds: SeedRange, page: Page): string[] {
  if (rows.length === 0) return [];
  const { width } = page;
  const coverage = coverageOf(rows, seeds);
  // What no policy can come to has no column.
  const shown = KINDS.map(([, title]) => title).filter((title) => {
    return coverage.some(({ kinds }) => kinds.some((kind) => kind.title === title && kindText(kind) !== "-"));
  });
  const title =
    "Exercised, of what the policy can come to in these scenarios, and how many transitions of the cluster's state " +
    "the last tenth of the seeds was the first to show:";
  const missed = coverage.flatMap(({ policy, kinds }) => {
    const names = kinds.flatMap((kind) =>
      kind.missed.length === 0 ? [] : [`${kind.title} ${kind.missed.map(visible).join(", ")}`],
    );
    return names.length === 0 ? [] : wrap(`Never under ${visible(policy)}: ${names.join("; ")}`, width);
  });
  return ["", ...wrap(title, width), ...table(coverage, shown, page), ...missed];
}

/** A line a policy; in a window that is too narrow for its columns a sentence a policy. */
function table(coverage: readonly PolicyCoverage[], shown: readonly string[], page: Page): string[] {
  const rows = coverage.map(({ policy, kinds, novelty }) => [
    visible(policy),
    ...kinds.filter(({ title }) => shown.includes(title)).map(kindText),
    noveltyText(novelty),
  ]);
  const titles = ["policy", ...shown, "new in the last tenth"];
  const columns = titles.map((title, column): Column => ({
    align: column === 0 ? "left" : "right",
    width: Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  }));
  const room = page.width - INDENT.length;
  if (tableWidth(columns) <= room) {
    const heading = tableLine(
      titles.map((text) => ({ text, set: page.style.faint })),
      columns,
    );
    const lines = rows.map((row) =>
      tableLine(
        row.map((text) => ({ text })),
        columns,
      ),
    );
    return indented([heading, ...lines], INDENT);
  }
  return rows.flatMap(([policy = "", ...texts]) => {
    const parts = texts.flatMap((text, index) => (text === "-" ? [] : [`${titles[index + 1]} ${text}`]));
    return indented(wrap(`${policy}: ${parts.join(", ")}`, room), INDENT);
  });
}
