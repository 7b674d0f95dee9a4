import { measureByName } from "../check/measures/index.ts";
import type { StudyReport, StudyRow } from "./explore.ts";

/** One policy beats another under a condition: it is worse by no measure, and certainly better by some. */
export interface Dominance {
  readonly condition: string;
  readonly better: string;
  readonly worse: string;
  /** By which measures it is certainly better: their intervals do not meet. */
  readonly by: readonly string[];
}

/**
 * Who dominates whom, condition by condition. What is better must be so beyond its interval. Of shares, to seem worse is
 * enough to dominate nobody, for a rare loss of data hides in any interval; of all else, such as latencies, to seem worse by
 * more than the other's interval. Who did not finish all runs, dominates nobody.
 */
export function dominancesOf(report: StudyReport): Dominance[] {
  return report.conditions.flatMap((condition) => {
    const rows = report.rows.filter((row) => row.condition === condition);
    return rows.flatMap((better) =>
      rows.flatMap((worse): Dominance[] => {
        const comparisons = report.measures.map((name, index) => compare(name, better, worse, index));
        if (better === worse || better.failed.count > 0 || comparisons.includes("worse")) return [];
        const by = report.measures.filter((_, index) => comparisons[index] === "better");
        return by.length === 0 ? [] : [{ condition, better: better.policy, worse: worse.policy, by }];
      }),
    );
  });
}

function compare(name: string, a: StudyRow, b: StudyRow, index: number): "better" | "worse" | "equal" {
  const [ours, theirs] = [a.estimates[index], b.estimates[index]];
  if (ours === undefined || theirs === undefined || ours.value === null || theirs.value === null) {
    return "equal";
  }
  const { better, unit } = measureByName(name) ?? {};
  const sign = better === "less" ? 1 : -1;
  const isRare = unit === "share" || unit === "per thousand";
  const theirWorst = isRare ? theirs.value : sign > 0 ? theirs.high : theirs.low;
  if (sign * (ours.value - theirWorst) > 0) return "worse";
  const isApart = sign > 0 ? ours.high < theirs.low : ours.low > theirs.high;
  return isApart ? "better" : "equal";
}
