import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { canonicalLine, createLineWriter } from "../../../sim/trace/canonical-line.ts";

const message = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.constant({ toJSON: () => 1 }));
const data = fc.oneof(
  fc.record({ to: fc.string(), message }),
  fc.record({ from: fc.string(), message }),
  fc.record({ from: fc.string(), reason: fc.string(), message }),
  fc.record({ message, to: fc.string() }),
  fc.jsonValue(),
  fc.constant(undefined),
  fc.constant({ to: "n1", message: { big: 1n } }),
);
const event = fc.record({
  index: fc.nat(),
  timeUs: fc.nat(),
  machine: fc.oneof(fc.string({ unit: "binary" }), fc.constant(null)),
  kind: fc.string({ unit: "binary" }),
  cause: fc.integer({ min: -1 }),
  activity: fc.string({ unit: "binary" }),
  data,
});

describe("a line writer", () => {
  test.prop([fc.array(event, { maxLength: 10 })])("writes canonical lines, the second time too", (events) => {
    const lineOf = createLineWriter();
    const lines = events.map(canonicalLine);
    expect(events.map(lineOf)).toEqual(lines);
    expect(events.map(lineOf)).toEqual(lines);
  });
});
