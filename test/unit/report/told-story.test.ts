import { expect, test } from "vitest";
import { tellStory } from "../../../sim/report/told-story.ts";
import type { StoryStep } from "../../../sim/search/explain/causal-past.ts";
import { cachePlan } from "../../support/cache-plan.ts";

function lost(event: number, message: string): StoryStep {
  const data = { from: "n1", reason: "loss", message };
  return {
    event,
    timeUs: event * 1000,
    machine: "n2",
    kind: "net.drop",
    activity: "c1#1",
    data,
    reached: null,
  };
}

test("what is sent again and is lost again is told once, with how often and until when", () => {
  const story = [lost(1, "a"), lost(2, "b"), lost(3, "a"), lost(4, "c"), lost(5, "b"), lost(6, "a")];
  const { steps, leftOut } = tellStory(story, cachePlan({ operations: [] }), ({ data }) => String(data));
  expect(leftOut).toBe(0);
  expect(steps.map(({ step, text }) => [step.event, text])).toEqual([
    [1, "LOST on the way from n1 to n2 (loss): a (c1#1); 2 more times until 6.000 ms (#6)"],
    [2, "LOST on the way from n1 to n2 (loss): b (c1#1); once more until 5.000 ms (#5)"],
    [4, "LOST on the way from n1 to n2 (loss): c (c1#1)"],
  ]);
});
