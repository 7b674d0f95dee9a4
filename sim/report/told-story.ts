import type { OperationKind } from "../run/history.ts";
import type { Plan } from "../run/plan.ts";
import type { Tell } from "../run/system.ts";
import type { Explanation } from "../search/explain.ts";
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

/** Of more choices a reader learns no more. */
const CHOICES_TOLD_MAX = 3;

export interface ToldMoment {
  /** The event to look at. */
  readonly event: number | null;
  /** What happened then, and what was chosen. */
  readonly text: string;
}

/**
 * What happened at the moment at which the odds jump, in words. An event is named if it belongs to the story: of all
 * others it would be a guess that they have to do with it.
 */
export function tellMoment(
  {
    jumpEvents,
    jumpChoices,
    story,
    plan,
  }: Pick<Explanation, "jumpEvents" | "jumpChoices" | "story" | "plan">,
  tell: Tell,
): ToldMoment {
  const ofStory = new Set(story.map(({ event }) => event));
  const own = jumpEvents.filter(({ index }) => ofStory.has(index));
  const requests = requestsOf(plan);
  const told = own.flatMap((event) => {
    const text = stepText({ ...event, event: event.index, reached: null }, requests, tell);
    return text === null ? [] : [{ event: event.index, text: text.trim() }];
  });
  const [first] = told;
  const shown = jumpChoices.slice(0, CHOICES_TOLD_MAX).join("; ");
  const more = jumpChoices.length - CHOICES_TOLD_MAX;
  const chosen = `${shown}${more > 0 ? `; and ${more} more` : ""}`;
  const event = first?.event ?? jumpEvents[0]?.index ?? null;
  if (first === undefined) return { event, text: `chosen then: ${chosen}` };
  return { event, text: `#${first.event}: ${first.text}; chosen then: ${chosen}` };
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
      return `${answerText(step, requests)}${reachedText(step)}`;
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
    case "net.hold": {
      const words = tell({ kind: "message", data: data["message"] });
      if (words === null) return null;
      return `HELD UP on the way from ${String(data["from"])} to ${who}(${activity}): ${words}`;
    }
    case "net.corrupt":
      return `DAMAGED on the way from ${String(data["from"])} to ${who}(${activity}): ${bitsText(data["bits"])}`;
    case "journal": {
      const words = tell({ kind: "journal", data });
      return words === null ? null : `${who}${words} (${activity})`;
    }
    default:
      return `${who}${eventText(step, undefined)}`;
  }
}

/** "c2#7 is answered by n2: ok"; an answer that says that the time is up is one that the client has given up on. */
function answerText(step: StoryStep, requests: Requests): string {
  const text = eventText(step, requests.get(step.activity));
  const [by, on] = step.machine === null ? ["", ""] : [` by ${step.machine}`, ` on ${step.machine}`];
  return text.replace(" has its answer:", ` is answered${by}:`).replace(" gives up:", `${on} gives up:`);
}

/** "bit 0 flipped", "bits 0, 17 flipped" */
function bitsText(bits: unknown): string {
  const list = Array.isArray(bits) ? bits : [bits];
  return `${list.length === 1 ? "bit" : "bits"} ${list.map(String).join(", ")} flipped`;
}

function reachedText({ reached, machine }: StoryStep): string {
  if (reached === null || machine === null) return "";
  return `; by then ${reached.length === 0 ? "no other machine" : listed(reached)} had heard of it`;
}

/** "n1", "n1 and n2", "n1, n2 and n3" */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length <= 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
