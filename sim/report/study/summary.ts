import { alternatives } from "../../run/suggest.ts";
import type { Dominance } from "../../study/dominance.ts";
import type { StudyReport } from "../../study/explore.ts";
import { counted } from "../units.ts";
import { measured } from "./figures.ts";

/** What follows from the figures, in sentences that are made from them. */
export function summaryOf(report: StudyReport, dominances: readonly Dominance[]): string[] {
  return [
    ...interruptedText(report),
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

/** Policies that another one beats under every condition need no further thought. */
function dominated(report: StudyReport, dominances: readonly Dominance[]): string[] {
  const sentences = report.policies.flatMap((worse) => {
    const betters = report.policies.filter(
      (better) =>
        dominances.filter((each) => each.better === better && each.worse === worse).length ===
        report.conditions.length,
    );
    if (betters.length === 0) return [];
    const own = dominances.filter((each) => each.worse === worse && betters.includes(each.better));
    const by = report.measures.filter((name) => own.some((each) => each.by.includes(name)));
    return [
      `${worse} is dominated by ${alternatives(betters).replace(" or ", " and ")}: worse by ${by.join(", ")}, ` +
        "and better by nothing under any condition.",
    ];
  });
  if (sentences.length > 0) return sentences;
  return ["No policy is dominated: each is better than each other one by something, under some condition."];
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

function searchText({ search, seeds }: StudyReport): string[] {
  if (search === null) return [];
  const { cheapest, cost, candidates } = search;
  const chosen = candidates.find(({ policy }) => policy === cheapest);
  const first =
    chosen === undefined
      ? "No policy meets all bounds."
      : `${chosen.policy} is the cheapest that meets all bounds: ${measured(cost, chosen.cost)} ${cost}.`;
  const others = candidates
    .filter(({ policy }) => policy !== cheapest)
    .map(({ policy, eliminatedBy, cost: its }) => {
      if (eliminatedBy === null) return `${policy} meets them too, for ${measured(cost, its)} ${cost}.`;
      const { bound, condition, value, isCertain } = eliminatedBy;
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
