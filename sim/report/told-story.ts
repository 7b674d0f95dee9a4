import type { OperationKind } from "../run/history.ts";
import type { Plan } from "../run/plan.ts";
import type { Tell } from "../run/system.ts";
import type { StoryStep } from "../search/explain/causal-past.ts";
import { requestText } from "./certificate.ts";
import { eventText } from "./event-text.ts";
import { instant } from "./units.ts";

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
  const requests = requestsOf(plan, story);
  const told = withoutRepeats(
    story.flatMap((step) => {
      const text = stepText(step, requests, tell);
      return text === null ? [] : [{ step, text }];
    }),
  );
  const steps = told.length <= STEPS_MAX ? told : mostImportant(told);
  return { steps, leftOut: told.length - steps.length };
}

/** One step in plain words; null when it says nothing. */
export function tellStep(step: StoryStep, plan: Plan, tell: Tell): string | null {
  if (step.kind !== "net.send") return stepText(step, requestsOf(plan, [step]), tell);
  const { to, message } = dataOf(step);
  const words = tell({ kind: "message", data: message });
  return words === null ? null : `${step.machine ?? ""} sends to ${String(to)} ${words} (${step.activity})`;
}

/** What is sent again and again, and lost each time, is told where it begins. */
function withoutRepeats(told: readonly ToldStep[]): ToldStep[] {
  const repeats = new Map<string, ToldStep[]>();
  for (const each of told) {
    if (each.step.kind !== "net.drop") continue;
    const same = repeats.get(each.text);
    if (same === undefined) repeats.set(each.text, [each]);
    else same.push(each);
  }
  return told.flatMap((each) => {
    const same = repeats.get(each.text);
    if (same === undefined) return [each];
    if (same[0] !== each) return [];
    const last = same.at(-1)?.step;
    if (last === undefined || last === each.step) return [each];
    const times = same.length === 2 ? "once more" : `${same.length - 1} more times`;
    return [
      { step: each.step, text: `${each.text}; ${times} until ${instant(last.timeUs)} ms (#${last.event})` },
    ];
  });
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

/** Of the plan's operations, and of those that are called in the end, which no plan lists. */
function requestsOf({ operations }: Plan, story: readonly StoryStep[]): Requests {
  const requests = new Map(operations.map(({ id, kind }) => [id, kind]));
  for (const step of story) {
    if (step.kind === "client.call") requests.set(step.activity, dataOf(step)["kind"] as OperationKind);
  }
  return requests;
}

/** A step in plain words; null when it says nothing. */
function stepText(step: StoryStep, requests: Requests, tell: Tell): string | null {
  const { kind, machine, activity } = step;
  const data = dataOf(step);
  const who = machine === null ? "" : `${machine} `;
  switch (kind) {
    case "client.call":
      return `${String(data["client"])} asks ${machine ?? "nobody, since all are down"}: ${requestText(data as never)} (${activity})`;
    case "client.return":
      return `${answerText(step, requests)}${reachedText(step, requests)}`;
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

function dataOf({ data }: StoryStep): Readonly<Record<string, unknown>> {
  return (typeof data === "object" && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
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

function reachedText({ reached, machine, activity }: StoryStep, requests: Requests): string {
  if (reached === null || machine === null) return "";
  const who = reached.length === 0 ? "no other machine" : listed(reached);
  return `; by then ${who} had ${requests.get(activity) === "get" ? "been asked" : "heard of it"}`;
}

/** "n1", "n1 and n2", "n1, n2 and n3" */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length <= 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
