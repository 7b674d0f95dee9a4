import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { TraceEvent } from "../../../sim/kernel/trace-sink.ts";
import { canonicalLine } from "../../../sim/trace/canonical-line.ts";
import { compareRecordings, findDivergence } from "../../../sim/trace/divergence.ts";
import {
  BLOCK_EVENTS,
  createWindowRecording,
  type WindowRecording,
} from "../../../sim/trace/window-recording.ts";

const WINDOW = 1500;

function event(index: number, data: unknown = index): TraceEvent {
  return { index, timeUs: index * 10, machine: "n1", kind: "x", cause: index - 1, activity: "c1#1", data };
}

/** A run of so many events, of which some are different. */
interface Run {
  readonly length: number;
  readonly odd?: ReadonlyMap<number, unknown>;
}

function play({ length, odd }: Run, recording: WindowRecording): WindowRecording {
  for (let index = 0; index < length; index++) recording.event(event(index, odd?.get(index) ?? index));
  return recording;
}

const record = (run: Run, from = 0): WindowRecording => play(run, createWindowRecording(from, WINDOW));

/** By definition. */
function firstDifference(a: Run, b: Run): number | null {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    if (index >= a.length || index >= b.length) return index;
    if ((a.odd?.get(index) ?? index) !== (b.odd?.get(index) ?? index)) return index;
  }
  return null;
}

describe("two recordings", () => {
  const run = fc.record({
    length: fc.integer({ min: 0, max: 5000 }),
    odd: fc
      .array(fc.tuple(fc.nat(5000), fc.constantFrom("a", "b")), { maxLength: 2 })
      .map((entries) => new Map(entries)),
  });
  const sameLength = fc.tuple(run, run).map(([a, b]) => [a, { ...b, length: a.length }] as const);

  test.prop([fc.oneof(fc.tuple(run, run), sameLength)], { seed: 1, numRuns: 150 })(
    "part where the first event differs, however far from the window that was kept",
    async ([a, b]) => {
      const expected = firstDifference(a, b);
      let isFirst = false;
      const divergence = await findDivergence(record(a), async (recording) => {
        play(isFirst ? a : b, recording);
        isFirst = !isFirst;
      });
      expect(divergence?.commonCount ?? null).toBe(expected);
      if (expected === null || divergence === null) return;
      const at = ({ length, odd }: Run) =>
        expected < length ? event(expected, odd?.get(expected) ?? expected) : null;
      expect([divergence.first, divergence.second]).toContainEqual(at(a));
      expect([divergence.first, divergence.second]).toContainEqual(at(b));
      const before = [5, 4, 3, 2, 1].map((distance) => expected - distance).filter((index) => index >= 0);
      expect(divergence.before.map(({ index }) => index)).toEqual(before);
    },
  );

  test("that part outside the window say after which event", () => {
    const odd = new Map([[3 * BLOCK_EVENTS + 100, "odd"]]);
    const parting = compareRecordings(record({ length: 5000 }), record({ length: 5000, odd }));
    expect(parting).toEqual({ kind: "near", from: 3 * BLOCK_EVENTS - 5 });
  });

  test("keep a bounded number of events", () => {
    const { events, eventCount, blocks } = record({ length: 200_000 });
    expect(events).toHaveLength(WINDOW);
    expect(eventCount).toBe(200_000);
    expect(blocks).toHaveLength(Math.ceil(200_000 / BLOCK_EVENTS));
  });
});

describe("a search for the first difference", () => {
  test("shows two runs that happened, although each run is different anew", async () => {
    let runs = 0;
    const made: string[] = [];
    const next = (recording: WindowRecording): WindowRecording => {
      const data = `run ${runs++}`;
      made.push(data);
      return play({ length: 5000, odd: new Map([[4000, data]]) }, recording);
    };
    const first = next(createWindowRecording(0, WINDOW));
    const divergence = await findDivergence(first, async (recording) => next(recording));
    expect(divergence?.commonCount).toBe(4000);
    // The first two only showed the block.
    expect([divergence?.first?.data, divergence?.second?.data]).toEqual(["run 2", "run 3"]);
  });

  test("gives up when all runs are alike", async () => {
    let runs = 0;
    const divergence = await findDivergence(record({ length: 100 }), async (recording) => {
      runs++;
      play({ length: 100 }, recording);
    });
    expect(divergence).toBeNull();
    expect(runs).toBeLessThan(10);
  });
});

describe("the line of an event", () => {
  test("exists for any data: recording must not throw where the run did not", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    for (const data of [1n, { deep: [1n] }, loop, undefined, () => 1]) {
      expect(JSON.parse(canonicalLine(event(0, data)))).toMatchObject({ index: 0, kind: "x" });
    }
  });
});
