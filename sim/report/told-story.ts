import type { TraceEvent } from "../kernel/trace-sink.ts";
import type { OperationKind } from "../run/history.ts";
import type { Plan } from "../run/plan.ts";
import type { Tell } from "../run/system.ts";
import type { StoryStep } from "../search/explain/causal-past.ts";
import { requestText } from "./certificate.ts";
import { eventText } from "./event-text.ts";

/** A story of more lines is not read. */
const STEPS_MAX = 25;

/** A step of the story in plain words. */
export interface ToldStep {
  readonly step: StoryStep;
  readonly text: string;
}

export interface ToldStory {
  /** In the order of time. */
  readonly steps: readonly ToldStep[];
  /** How many less important steps are left out. */
  readonly leftOut: number;
}

/** What led to a failure, in words, at most as long as somebody reads. */
export function tellStory(story: readonly StoryStep[], plan: Plan, tell: Tell): ToldStory {
  const requests = requestsOf(plan);
  const told = story.flatMap((step) => {
    const text = stepText(step, requests, tell);
    return text === null ? [] : [{ step, text }];
  });
  const steps = told.length <= STEPS_MAX ? told : mostImportant(told);
  return { steps, leftOut: told.length - steps.length };
}

/** What happened at a moment at which something was chosen: the event that tells most, in words. */
export function tellMoment(
  events: readonly TraceEvent[],
  plan: Plan,
  tell: Tell,
): { readonly event: number; readonly text: string } | null {
  const event = events.find(({ kind }) => kind !== "net.send") ?? events[0];
  if (event === undefined) return null;
  const step = { ...event, event: event.index, reached: null };
  const text =
    stepText(step, requestsOf(plan), tell) ?? `${event.machine ?? ""} ${eventText(step, undefined)}`;
  return { event: event.index, text: text.trim() };
}

function mostImportant(told: readonly ToldStep[]): ToldStep[] {
  const ranked = [...told.entries()].sort(
    ([a, { step: first }], [b, { step: second }]) => rankOf(first.kind) - rankOf(second.kind) || b - a,
  );
  return ranked
    .slice(0, STEPS_MAX)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

function rankOf(kind: string): number {
  if (kind.startsWith("client.")) return 0;
  if (/^(fault|machine|operator|process|disk)\./.test(kind)) return 1;
  return kind === "net.drop" ? 2 : 3;
}

type Requests = ReadonlyMap<string, OperationKind>;

function requestsOf({ operations }: Plan): Requests {
  return new Map(operations.map(({ id, kind }) => [id, kind]));
}

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
