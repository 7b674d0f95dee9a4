import type { OperationKind } from "../run/history.ts";
import type { Tell } from "../run/system.ts";
import type { StoryStep } from "../search/explain/causal-past.ts";
import type { FailureOdds } from "../search/explain/no-return.ts";
import type { PlanPart } from "../search/explain/necessary-parts.ts";
import type { Explanation } from "../search/explain.ts";
import { renderViolation, requestText } from "./certificate.ts";
import { eventText } from "./event-text.ts";
import type { Page } from "./page.ts";
import { faultText } from "./plan-summary.ts";
import { count, counted, instant, percent } from "./units.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** A story of more lines is not read. */
const STORY_LINES_MAX = 25;
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
  const { violation, story } = explanation;
  const { style } = page;
  return [
    ...renderViolation(violation, whyExpected, page),
    "",
    style.strong("What led to it, times in ms, with the event that shows it (replay --log all):"),
    ...storyLines(story, explanation, tell, page),
    "",
    style.strong("When it was decided: how often it fails if all later choices are drawn anew"),
    ...noReturnLines(explanation, tell, page),
    "",
    style.strong("What it cannot do without"),
    ...partLines(explanation, page),
  ];
}

function storyLines(
  story: readonly StoryStep[],
  { plan }: Explanation,
  tell: Tell,
  { style, width }: Page,
): string[] {
  const requests = new Map(plan.operations.map(({ id, kind }) => [id, kind]));
  const told = story.flatMap((step) => {
    const text = stepText(step, requests, tell);
    return text === null ? [] : [{ step, text }];
  });
  const shown = told.length <= STORY_LINES_MAX ? told : mostImportant(told);
  const numberWidth = String(shown.length).length;
  const timeWidth = Math.max(0, ...shown.map(({ step }) => instant(step.timeUs).length));
  const eventWidth = Math.max(0, ...shown.map(({ step }) => String(step.event).length)) + 1;
  const lines = shown.flatMap(({ step, text }, index) => {
    const number = `${String(index + 1).padStart(numberWidth)}. `;
    const place = `${instant(step.timeUs).padStart(timeWidth)}  ${`#${step.event}`.padStart(eventWidth)}  `;
    const indent = " ".repeat(number.length + place.length);
    const [first = "", ...others] = wrap(visible(text), Math.max(40, width - indent.length));
    return [number + style.faint(place) + first, ...others.map((line) => indent + line)];
  });
  const hidden = told.length - shown.length;
  return hidden === 0 ? lines : [...lines, style.faint(`${counted(hidden, "less important step")} left out`)];
}

interface ToldStep {
  readonly step: StoryStep;
  readonly text: string;
}

function mostImportant(told: readonly ToldStep[]): ToldStep[] {
  const ranked = [...told.entries()].sort(
    ([a, { step: first }], [b, { step: second }]) => rankOf(first.kind) - rankOf(second.kind) || b - a,
  );
  return ranked
    .slice(0, STORY_LINES_MAX)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

function rankOf(kind: string): number {
  if (kind.startsWith("client.")) return 0;
  if (/^(fault|machine|process|disk)\./.test(kind)) return 1;
  return kind === "net.drop" ? 2 : 3;
}

type Requests = ReadonlyMap<string, OperationKind>;

/** A step in plain words; null when it says nothing. */
function stepText(step: StoryStep, requests: Requests, tell: Tell): string | null {
  const { kind, machine, activity } = step;
  const data = (typeof step.data === "object" && step.data !== null ? step.data : {}) as Readonly<
    Record<string, unknown>
  >;
  const who = machine === null ? "" : `${machine} `;
  switch (kind) {
    case "client.call":
      return `${String(data["client"])} asks ${machine ?? "nobody, since all are down"}: ${requestText(data as never)} (${activity})`;
    case "client.return":
      return `${who}${eventText(step, requests.get(activity)).replace(" has its answer:", " is answered:")}${reachedText(step)}`;
    case "net.send":
      return null;
    case "net.deliver": {
      const words = tell({ kind: "message", data: data["message"] });
      return words === null ? null : `${who}receives from ${String(data["from"])} ${words} (${activity})`;
    }
    case "net.drop": {
      const words = tell({ kind: "message", data: data["message"] });
      if (words === null) return null;
      return `LOST on the way from ${String(data["from"])} to ${who}(${String(data["reason"])}): ${words} (${activity})`;
    }
    case "journal": {
      const words = tell({ kind: "journal", data });
      return words === null ? null : `${who}${words} (${activity})`;
    }
    default:
      return `${who}${eventText(step, undefined)}`;
  }
}

function reachedText({ reached, machine }: StoryStep): string {
  if (reached === null || machine === null) return "";
  return reached.length === 0
    ? `; no other machine had heard of it`
    : `; by then it had reached ${reached.join(", ")} besides ${machine}`;
}

function noReturnLines({ noReturn, jumpEvents, plan }: Explanation, tell: Tell, page: Page): string[] {
  const { odds, jumpUs } = noReturn;
  const { style, width } = page;
  const bars = odds.map((each) => oddsLine(each, odds));
  if (jumpUs === null) {
    const why =
      odds.length <= 1
        ? "The run takes no choices: its operations and faults alone decide it."
        : "No single choice decides it: whatever is drawn, the odds stay about the same.";
    return [...bars, ...wrap(why, width)];
  }
  const requests = new Map(plan.operations.map(({ id, kind }) => [id, kind]));
  const event = jumpEvents.find(({ kind }) => kind !== "net.send") ?? jumpEvents[0];
  const step = event === undefined ? null : { ...event, event: event.index, reached: null };
  const text =
    step === null
      ? null
      : (stepText(step, requests, tell) ?? `${step.machine ?? ""} ${eventText(step, undefined)}`);
  const what = text === null || event === undefined ? "" : ` with #${event.index}: ${text.trim()}`;
  return [
    ...bars,
    ...wrap(visible(`The odds jump with what is chosen at ${instant(jumpUs)} ms${what}`), width).map(
      style.notable,
    ),
  ];
}

function oddsLine({ fromUs, failures, runs }: FailureOdds, all: readonly FailureOdds[]): string {
  const from = (us: number): string => (us === Number.POSITIVE_INFINITY ? "as it is" : instant(us));
  const fromWidth = Math.max(...all.map((each) => from(each.fromUs).length));
  const bar = "#".repeat(Math.round((failures / runs) * BAR_WIDTH)).padEnd(BAR_WIDTH, ".");
  return `  ${from(fromUs).padStart(fromWidth)}  ${bar}  ${percent(Math.round((failures / runs) * 100) / 100)} of ${count(runs)}`;
}

function partLines({ parts, plan }: Explanation, { style }: Page): string[] {
  const textOf = ({ part, index }: PlanPart): string => {
    const fault = plan.faults[index];
    const operation = plan.operations[index];
    if (part === "fault") return fault === undefined ? "" : `fault: ${faultText(fault)}`;
    return operation === undefined ? "" : `${operation.id}: ${requestText(operation)}`;
  };
  const necessary = parts.filter(({ isNecessary }) => isNecessary);
  const others = parts.length - necessary.length;
  const shown = necessary.slice(0, PARTS_SHOWN_MAX).map((part) => `  ${visible(textOf(part))}`);
  const hidden = necessary.length - shown.length;
  return [
    ...(necessary.length === 0 ? ["  nothing by itself: without any one part it still fails"] : shown),
    ...(hidden === 0 ? [] : [style.faint(`  … and ${count(hidden)} more`)]),
    ...(others === 0
      ? []
      : [style.faint(`  without any one of the other ${counted(others, "part")} it still fails`)]),
  ];
}
