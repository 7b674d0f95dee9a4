import type { Violation } from "../run/invariant.ts";
import { fingerprintText } from "../search/fingerprint.ts";
import type { AttemptCounts } from "../search/shrink/attempts.ts";
import { planSize } from "../search/shrink/plan-size.ts";
import type { Shrunk, ShrinkProgress } from "../search/shrink.ts";
import { renderViolation } from "./certificate.ts";
import { alignedLines } from "./columns.ts";
import type { Page } from "./page.ts";
import { renderPlan } from "./plan-summary.ts";
import { count, counted, exactSpan, span } from "./units.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** What shrinking came to. Equal results give equal text: it names no real time. */
export function renderShrunk(shrunk: Shrunk, whyExpected: string | null, page: Page): string[] {
  const { plan, original, fingerprint, violation, counts, ended } = shrunk;
  const { style, width } = page;
  return [
    ...renderPlan(plan, page),
    "",
    ...renderViolation(violation, whyExpected, page),
    "",
    ...wrap(visible(`The same failure as before is: ${fingerprintText(fingerprint)}.`), width),
    ...sizeLines(original, plan, page),
    "",
    ...wrap(countsText(counts), width).map(style.faint),
    ENDED[ended] === null ? style.good(MINIMAL) : style.notable(ENDED[ended]),
  ];
}

const MINIMAL = "minimal: no single part can be left out or made simpler";

const ENDED: Readonly<Record<Shrunk["ended"], string | null>> = {
  minimal: null,
  candidates: "NOT MINIMAL: the budget of candidates is used up; --candidates N raises it",
  time: "NOT MINIMAL: the time budget is used up, so another run may end elsewhere; --time-budget raises it",
  interrupted: "NOT MINIMAL: interrupted; this is the best so far",
};

function sizeLines(before: Shrunk["original"], after: Shrunk["plan"], { style }: Page): string[] {
  const [from, to] = [planSize(before), planSize(after)];
  const rows = (["operations", "faults", "changes", "machines", "clients", "detours"] as const)
    .filter((part) => from[part] > 0)
    .map((part) => [part, count(from[part]), count(to[part])] as const);
  const choices = (size: typeof from): string => (size.choices === null ? "drawn" : count(size.choices));
  return alignedLines(
    [
      ["", "before", "after"].map((text) => ({ text, set: style.faint })),
      ...[
        ...rows,
        ["end", exactSpan(from.endMs), exactSpan(to.endMs)],
        ["choices of the network", choices(from), choices(to)],
      ].map((row) => row.map((text) => ({ text }))),
    ],
    ["left", "right", "right"],
  );
}

function countsText(counts: AttemptCounts): string {
  const { tried, kept, passed, failedOtherwise, unfinished, broken, firstError, invalid, unfair } = counts;
  const refused = [
    [passed, "passed"],
    [failedOtherwise, "failed in another way"],
    [unfinished, "did not end"],
    [broken, `ended with an error (first: ${firstError ?? ""})`],
  ] as const;
  const unrun = [
    [invalid, "invalid"],
    [unfair, "too hard for any correct system"],
  ] as const;
  const list = (parts: readonly (readonly [number, string])[]): string =>
    parts
      .filter(([number]) => number > 0)
      .map(([number, what]) => `, ${count(number)} ${what}`)
      .join("");
  const notRun = list(unrun).slice(2);
  return (
    `${counted(tried, "candidate")} run: ${count(kept)} kept${list(refused)}` +
    (notRun === "" ? "" : `; refused without a run: ${notRun}`)
  );
}

/** One line for a terminal. */
export function shrinkProgressText({ plan, counts, elapsedMs }: ShrinkProgress): string {
  const { operations, faults, machines } = planSize(plan);
  return (
    `shrinking: ${counted(operations, "operation")}, ${counted(faults, "fault")}, ` +
    `${counted(machines, "machine")}; ${counted(counts.tried, "candidate")} in ${span(elapsedMs)}`
  );
}

/** One line of a story that nobody has written yet. */
export function plainStory({ summary }: Violation): string {
  return `${summary}.`;
}
