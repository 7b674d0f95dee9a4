import { mergeBehaviours, noBehaviour } from "../../search/behaviour-tally.ts";
import type { SeedRange } from "../../search/job.ts";
import { type Novelty, noveltyOf } from "../../search/novelty.ts";
import type { DocumentRow } from "../../search/report/document.ts";
import { alignedLines } from "../columns.ts";
import type { Page } from "../page.ts";
import { count } from "../units.ts";
import { visible } from "../visible.ts";
import { indented, wrap } from "../wrap.ts";

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
  const { style, width } = page;
  const coverage = coverageOf(rows, seeds);
  const titles = ["policy", ...COVERAGE_TITLES, "new in the last tenth"];
  const lines = coverage.map(({ policy, kinds, novelty }) =>
    [visible(policy), ...kinds.map(kindText), noveltyText(novelty)].map((text) => ({ text })),
  );
  const table = alignedLines(
    [titles.map((text) => ({ text, set: style.faint })), ...lines],
    titles.map((_, column) => (column === 0 ? "left" : "right")),
  );
  const title =
    "Exercised, of what the policy can come to in these scenarios, and how many transitions of the cluster's state " +
    "the last tenth of the seeds was the first to show:";
  const missed = coverage.flatMap(({ policy, kinds }) => {
    const names = kinds.flatMap((kind) =>
      kind.missed.length === 0 ? [] : [`${kind.title} ${kind.missed.map(visible).join(", ")}`],
    );
    return names.length === 0 ? [] : wrap(`Never under ${visible(policy)}: ${names.join("; ")}`, width);
  });
  return ["", ...wrap(title, width), ...indented(table, "  "), ...missed];
}
