import type { Tell } from "../run/system.ts";
import type { FailureOdds } from "../search/explain/no-return.ts";
import type { Explanation } from "../search/explain.ts";
import { renderViolation } from "./certificate.ts";
import type { Page } from "./page.ts";
import { partText } from "./part-text.ts";
import { tellDecision } from "./told-jump.ts";
import { tellStory } from "./told-story.ts";
import { count, counted, instant, percent } from "./units.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

const PARTS_SHOWN_MAX = 20;
const BAR_WIDTH = 40;

/**
 * An explanation as a page of text.
 *
 * @param tell how the system under test words its own messages and journal entries
 */
export function renderExplanation(
  explanation: Explanation,
  whyExpected: string | null,
  tell: Tell,
  page: Page,
): string[] {
  const { violation } = explanation;
  const { style } = page;
  return [
    ...renderViolation(violation, whyExpected, page),
    "",
    style.strong("What led to it, times in ms, with the event that shows it (replay --log all):"),
    ...storyLines(explanation, tell, page),
    "",
    style.strong("When it was decided: how often it fails if all later choices are drawn anew"),
    ...noReturnLines(explanation, tell, page),
    "",
    style.strong("What it cannot do without"),
    ...partLines(explanation, page),
  ];
}

/** One line for a terminal. */
export function explainProgressText(runsDone: number): string {
  return `explaining: ${counted(runsDone, "run")} with choices drawn anew or a part left out`;
}

function storyLines({ story, plan }: Explanation, tell: Tell, { style, width }: Page): string[] {
  const { steps, leftOut } = tellStory(story, plan, tell);
  const numberWidth = String(steps.length).length;
  const timeWidth = Math.max(0, ...steps.map(({ step }) => instant(step.timeUs).length));
  const eventWidth = Math.max(0, ...steps.map(({ step }) => String(step.event).length)) + 1;
  const lines = steps.flatMap(({ step, text }, index) => {
    const number = `${String(index + 1).padStart(numberWidth)}. `;
    const place = `${instant(step.timeUs).padStart(timeWidth)}  ${`#${step.event}`.padStart(eventWidth)}  `;
    const indent = " ".repeat(number.length + place.length);
    const [first = "", ...others] = wrap(visible(text), Math.max(40, width - indent.length));
    return [number + style.faint(place) + first, ...others.map((line) => indent + line)];
  });
  return leftOut === 0
    ? lines
    : [...lines, style.faint(`${counted(leftOut, "less important step")} left out`)];
}

function noReturnLines(explanation: Explanation, tell: Tell, page: Page): string[] {
  const { odds, jump } = explanation.noReturn;
  const { style, width } = page;
  const decision = wrap(visible(tellDecision(explanation, tell)), width);
  return [
    ...odds.map((each) => oddsLine(each, odds)),
    ...(jump === null ? decision : decision.map(style.notable)),
  ];
}

function oddsLine({ fromUs, failures, runs }: FailureOdds, all: readonly FailureOdds[]): string {
  const from = (us: number): string => (us === Number.POSITIVE_INFINITY ? "as it is" : instant(us));
  const fromWidth = Math.max(...all.map((each) => from(each.fromUs).length));
  const bar = "#".repeat(Math.round((failures / runs) * BAR_WIDTH)).padEnd(BAR_WIDTH, ".");
  return `  ${from(fromUs).padStart(fromWidth)}  ${bar}  ${percent(Math.round((failures / runs) * 100) / 100)} of ${count(runs)}`;
}

function partLines({ parts, plan }: Explanation, { style }: Page): string[] {
  const necessary = parts.filter(({ isNecessary }) => isNecessary);
  const others = parts.length - necessary.length;
  const shown = necessary.slice(0, PARTS_SHOWN_MAX).map((part) => `  ${visible(partText(part, plan))}`);
  const hidden = necessary.length - shown.length;
  return [
    ...(necessary.length === 0 ? ["  nothing by itself: without any one part it still fails"] : shown),
    ...(hidden === 0 ? [] : [style.faint(`  … and ${count(hidden)} more`)]),
    ...(others === 0
      ? []
      : [style.faint(`  without any one of the other ${counted(others, "part")} it still fails`)]),
  ];
}
