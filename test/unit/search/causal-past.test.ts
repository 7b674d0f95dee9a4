import { expect, test } from "vitest";
import type { TraceEvent } from "../../../sim/kernel/trace-sink.ts";
import type { Violation } from "../../../sim/run/invariant.ts";
import { causalPast } from "../../../sim/search/explain/causal-past.ts";

const EVENTS: readonly TraceEvent[] = (
  [
    ["machine.boot", "n1", -1, "n1@1/boot"],
    ["client.call", "n1", -1, "c1#1"],
    ["net.send", "n1", 1, "c1#1"],
    ["net.drop", "n2", 2, "c1#1"],
    ["net.send", "n1", 0, "n1@1/boot~1"],
    ["net.drop", "n2", 4, "n1@1/boot~1"],
    ["client.return", "n1", 1, "c1#1"],
    ["net.send", "n1", 0, "n1@1/boot~2"],
    ["net.drop", "n2", 7, "n1@1/boot~2"],
  ] as const
).map(([kind, machine, cause, activity], index) => ({
  index,
  timeUs: index,
  machine,
  kind,
  cause,
  activity,
  data: kind === "client.call" ? { key: "k", kind: "set" } : {},
}));

function pastOf(key: string | null, alsoNecessary: readonly string[]): number[] {
  const violation: Violation = { invariant: "health", key, summary: "", operations: [], notes: [] };
  return causalPast(EVENTS, violation, alsoNecessary).map(({ event }) => event);
}

test("without operations, the past of a violation has what got lost, whoever sent it", () => {
  expect(pastOf(null, [])).toEqual([0, 1, 2, 3, 4, 5, 7, 8]);
});

test("with an operation that it needs, or the key of one, only what got lost of that", () => {
  expect(pastOf(null, ["c1#1"])).toEqual([1, 2, 3, 6]);
  expect(pastOf("k", [])).toEqual([1, 2, 3, 6]);
});
