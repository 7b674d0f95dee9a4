import type { RegressionResult } from "../search/regressions.ts";
import type { Page } from "./page.ts";
import { count, counted } from "./units.ts";
import { visible } from "./visible.ts";
import { indented, wrap } from "./wrap.ts";

export interface RegressionRow {
  readonly name: string;
  /** Replays it. */
  readonly command: string;
  readonly result: RegressionResult;
}

/** One line when all is well; more about each regression that did not end as it had to. */
export function renderRegressions(rows: readonly RegressionRow[], total: number, page: Page): string[] {
  const { style, width } = page;
  const wrong = rows.filter(({ result }) => !result.isAsExpected);
  const changed = rows.filter(({ result }) => result.notApplied.length > 0);
  const partial = rows.length < total ? `, stopped before the other ${count(total - rows.length)}` : "";
  const verdict = wrong.length === 0 ? "all as expected" : `${count(wrong.length)} NOT AS EXPECTED`;
  const summary = `${counted(rows.length, "regression")} replayed${partial}: ${verdict}`;
  return [
    wrong.length === 0 ? style.good(summary) : style.bad(summary),
    ...wrong.flatMap(({ name, command, result }) => [
      ...wrap(visible(`${name} ${result.summary}`), width).map(style.bad),
      ...(result.violation === null
        ? []
        : indented(wrap(visible(result.violation.summary), width - 2), "  ")),
      `  ${style.command(command)}`,
    ]),
    ...changed.map(({ name, result: { appliedCount, notApplied } }) =>
      style.notable(
        visible(
          `${name}: ${count(appliedCount)} of ${counted(appliedCount + notApplied.length, "choice")} applied, ` +
            "since the code has changed; replay it to see which",
        ),
      ),
    ),
    "",
  ];
}
