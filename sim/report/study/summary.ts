import { alternatives } from "../../run/suggest.ts";
import type { Dominance } from "../../study/dominance.ts";
import type { StudyReport } from "../../study/explore.ts";
import { counted } from "../units.ts";
import { measured } from "./figures.ts";

/** What follows from the figures, in sentences that are made from them. */
export function summaryOf(report: StudyReport, dominances: readonly Dominance[]): string[] {
  return [
    ...interruptedText(report),
    ...fewSeeds(report),
    ...unfinished(report),
    ...dominated(report, dominances),
    ...brokenPromises(report),
    ...precisionText(report),
    ...searchText(report),
  ];
}

function interruptedText({ isInterrupted, seeds }: StudyReport): string[] {
  return isInterrupted
    ? [`Interrupted: this is what ${counted(seeds, "seed")} gave, fewer than were asked for.`]
    : [];
}

/** Percentile intervals of so few runs hold the truth less often than they say. */
const SEEDS_ENOUGH = 20;

function fewSeeds({ seeds }: StudyReport): string[] {
  return seeds >= SEEDS_ENOUGH
    ? []
    : [
        `Intervals from ${counted(seeds, "seed")} are too narrow: run ${SEEDS_ENOUGH} or more before you rely on them.`,
      ];
}

function unfinished({ rows }: StudyReport): string[] {
  return rows.flatMap(({ policy, condition, failed: { count, first } }) =>
    first === null
      ? []
      : [
          `${policy} could not finish ${counted(count, "run")} (${condition}), first of seed ${first.seed}: ${first.why}. Its ` +
            "figures are those of the other runs.",
        ],
  );
}

/** Policies that another one beats under every condition need no further thought. */
function dominated(report: StudyReport, dominances: readonly Dominance[]): string[] {
  if (report.policies.length < 2) return [];
  const everywhere = new Set<string>();
  const sentences = report.policies.flatMap((worse) => {
    const betters = report.policies.filter(
      (better) =>
        dominances.filter((each) => each.better === better && each.worse === worse).length ===
        report.conditions.length,
    );
    if (betters.length === 0) return [];
    everywhere.add(worse);
    const own = dominances.filter((each) => each.worse === worse && betters.includes(each.better));
    const by = report.measures.filter((name) => own.some((each) => each.by.includes(name)));
    return [
      `${worse} is dominated by ${alternatives(betters).replace(" or ", " and ")}: worse by ${by.join(", ")}, ` +
        "and better by nothing that the intervals tell, under any condition.",
    ];
  });
  if (report.conditions.length > 1) {
    sentences.push(...dominatedSomewhere(report, dominances, everywhere));
  }
  return sentences.length > 0 ? sentences : ["No policy is dominated."];
}

/** Those that are dominated under some conditions only. */
function dominatedSomewhere(
  { policies, conditions }: StudyReport,
  dominances: readonly Dominance[],
  everywhere: ReadonlySet<string>,
): string[] {
  return conditions.flatMap((condition) => {
    const own = dominances.filter((each) => each.condition === condition);
    const worse = policies.filter(
      (policy) => !everywhere.has(policy) && own.some((each) => each.worse === policy),
    );
    if (worse.length === 0) return [];
    const betters = policies.filter(
      (policy) =>
        own.some((each) => each.better === policy && worse.includes(each.worse)) &&
        !own.some((each) => each.worse === policy),
    );
    const and = (names: readonly string[]): string => alternatives(names).replace(" or ", " and ");
    return [
      `Under ${condition} alone, ${and(worse)} ${worse.length === 1 ? "is" : "are"} dominated by ${and(betters)}.`,
    ];
  });
}

function brokenPromises({ rows }: StudyReport): string[] {
  return rows.flatMap(({ policy, condition, broken }) =>
    broken
      .filter(({ isPromised }) => isPromised)
      .map(
        ({ invariant, seedCount, firstSeed }) =>
          `${policy} breaks its promise "${invariant}" (${condition}) in ${counted(seedCount, "seed")}, first in ${firstSeed}.`,
      ),
  );
}

function precisionText({ precision, seeds }: StudyReport): string[] {
  if (precision === null) return [];
  const { wanted, reached, isReached, worst } = precision;
  const [asked, got] = [percent(wanted), percent(reached)];
  return isReached
    ? [`All intervals are within ${asked} of their values after ${counted(seeds, "seed")}.`]
    : [
        `The precision of ${asked} was not reached with ${counted(seeds, "seed")}: the widest interval, that of ` +
          `${worst}, is within ${got}. Allow more seeds, or take that measure out.`,
      ];
}

function searchText({ search, seeds, conditions }: StudyReport): string[] {
  if (search === null) return [];
  const { cheapest, candidates } = search;
  const cost = search.cost;
  const mean = conditions.length > 1 ? ", the mean over the conditions" : "";
  const chosen = candidates.find(({ policy }) => policy === cheapest);
  const first =
    chosen === undefined
      ? "No policy meets all bounds."
      : `${chosen.policy} is the cheapest that meets all bounds: ${measured(cost, chosen.cost)} ${cost}${mean}.`;
  const others = candidates
    .filter(({ policy }) => policy !== cheapest)
    .map(({ policy, eliminatedBy, cost: its }) => {
      if (eliminatedBy === null) return `${policy} meets them too, for ${measured(cost, its)} ${cost}.`;
      const { bound, condition, value, isCertain } = eliminatedBy;
      if (bound === null)
        return `${policy} is out: it could not finish ${counted(value ?? 0, "run")} (${condition}).`;
      const name = bound.split(/\s|[<>=]/)[0] ?? "";
      const found = `${measured(name, value)} (${condition})`;
      return isCertain
        ? `${policy} is out by "${bound}": ${found}.`
        : `${policy} is out by "${bound}" until it is better known: ${found}, with an interval from ${counted(seeds, "seed")} that reaches beyond.`;
    });
  return [first, ...others];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
