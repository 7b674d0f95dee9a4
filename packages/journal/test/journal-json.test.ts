import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import {
  Journal,
  JournalOverflowError,
  JournalSerializationError,
  type JournalEvent,
  type OverflowPolicy,
  type SerializedJournal,
  type Serializer,
} from "@phyxius/journal";

const clock = createControlledClock(50);

/** Everything that can be seen of a journal. */
function view<T>(journal: Journal<T>) {
  return {
    entries: [...journal],
    size: journal.size(),
    first: journal.getFirst(),
    last: journal.getLast(),
    snapshot: journal.getSnapshot(),
    json: journal.toJSON(),
  };
}

describe("a round trip through JSON", () => {
  type Step<T> = ["append", T] | ["advance", number] | ["clear"];

  function steps<T>(data: fc.Arbitrary<T>): fc.Arbitrary<Step<T>[]> {
    const step: fc.Arbitrary<Step<T>> = fc.oneof(
      { weight: 12, arbitrary: fc.tuple(fc.constant("append" as const), data) },
      { weight: 3, arbitrary: fc.tuple(fc.constant("advance" as const), fc.nat(9)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("clear" as const)) },
    );
    // Long enough to outgrow the ring more than once.
    return fc.array(step, { maxLength: 90, size: "max" });
  }

  function check<T>(
    data: fc.Arbitrary<T>,
    serializer: Serializer<T> | undefined,
    trip: (journal: Journal<T>, restore: (json: SerializedJournal | string) => Journal<T>) => Journal<T>,
    seed: number,
  ): void {
    fc.assert(
      fc.property(steps(data), fc.option(fc.integer({ min: 1, max: 20 })), (actions, maxEntries) => {
        const time = createControlledClock();
        const bound: { maxEntries?: number; overflow?: OverflowPolicy } =
          maxEntries === null ? {} : { maxEntries, overflow: "bounded:drop_oldest" };
        const options = { clock: time, serializer, ...bound };
        const journal = new Journal<T>(options);
        for (const action of actions) {
          if (action[0] === "append") journal.append(action[1]);
          else if (action[0] === "advance") time.advanceBy(action[1]);
          else journal.clear();
        }
        const restored = trip(journal, (json) => Journal.fromJSON<T>(json, options));
        expect(view(restored)).toEqual(view(journal));
        // It goes on as the original would, too.
        const [next] = fc.sample(data, { numRuns: 1, seed: 1 });
        expect(restored.append(next as T)).toEqual(journal.append(next as T));
        expect(view(restored)).toEqual(view(journal));
      }),
      { seed, numRuns: 100 },
    );
  }

  // JSON text cannot tell -0 from 0.
  const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it("as text, without a serializer, is the identity", () => {
    check(json, undefined, (journal, restore) => restore(JSON.stringify(journal)), 20_260_301);
  });

  it("as parsed text, without a serializer, is the identity", () => {
    check(json, undefined, (journal, restore) => restore(JSON.parse(JSON.stringify(journal))), 20_260_302);
  });

  it("in memory, without a serializer, is the identity", () => {
    const anything = fc.anything({ withMap: true, withSet: true, withDate: true });
    check(anything, undefined, (journal, restore) => restore(journal.toJSON()), 20_260_303);
  });

  it("as text, with a serializer for what JSON has no form for, is the identity", () => {
    const serializer: Serializer<Map<string, bigint>> = {
      serialize: (map) => [...map].map(([key, count]) => [key, count.toString()]),
      deserialize: (pairs) =>
        new Map((pairs as [string, string][]).map(([key, count]) => [key, BigInt(count)])),
    };
    const data = fc.array(fc.tuple(fc.string(), fc.bigInt())).map((pairs) => new Map(pairs));
    check(data, serializer, (journal, restore) => restore(JSON.stringify(journal)), 20_260_304);
  });

  it("keeps the time of creation and of the entries, not those of the restoring clock", () => {
    const time = createControlledClock(5);
    const journal = new Journal<string>({ clock: time });
    time.advanceBy(1);
    journal.append("a");
    const restored = Journal.fromJSON<string>(journal.toJSON(), { clock });
    expect(restored.toJSON().createdAt).toEqual({ wallMs: 5, monoMs: 5 });
    expect(restored.getFirst()?.timestamp).toEqual({ wallMs: 6, monoMs: 6 });
    expect(restored.append("b").timestamp).toEqual({ wallMs: 50, monoMs: 50 });
  });

  it("finds its entries beyond 32 bits", () => {
    const first = 2 ** 33 + 5;
    const entries = [0, 1, 2].map((index) => ({
      id: `old-${index}`,
      sequence: first + index,
      timestamp: { wallMs: 1, monoMs: 1 },
      data: index,
    }));
    const journal = Journal.fromJSON<number>({ entries, nextSequence: first + 3 }, { clock });
    for (let index = 3; index < 100; index++) journal.append(index);
    expect(journal.getEntry(first + 50)?.data).toBe(50);
    expect(journal.filter(() => true)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});

describe("restoring under another bound", () => {
  const source = new Journal<number>({ clock });
  [0, 1, 2, 3, 4].forEach((data) => source.append(data));
  const json = source.toJSON();

  it("keeps the newest and tells how many it dropped", () => {
    const events: JournalEvent[] = [];
    const emit = (event: JournalEvent) => void events.push(event);
    const options = { clock, emit, maxEntries: 2, overflow: "bounded:drop_oldest" as const };
    const restored = Journal.fromJSON<number>(json, options);
    expect(restored.filter(() => true)).toEqual([3, 4]);
    expect(events.map(({ type }) => type)).toEqual(["journal:create", "journal:overflow"]);
    expect(events[1]).toMatchObject({ droppedCount: 3, maxEntries: 2, policy: "bounded:drop_oldest" });
    restored.append(5);
    expect(restored.filter(() => true)).toEqual([4, 5]);
  });

  it("refuses where entries may not be dropped", () => {
    const options = { clock, maxEntries: 4, overflow: "bounded:error" as const };
    expect(() => Journal.fromJSON(json, options)).toThrow(JournalOverflowError);
    expect(Journal.fromJSON(json, { ...options, maxEntries: 5 }).size()).toBe(5);
  });
});

describe("what JSON refuses", () => {
  const circular: unknown[] = [];
  circular.push(circular);

  it.each([
    ["a circular value", circular, "an array of 1"],
    ["a bigint", { count: 1n }, "an object { count }"],
  ])("%s names the entry and the value, and the journal goes on", (_, data, shown) => {
    const journal = new Journal({ clock });
    journal.append("fine");
    journal.append(data);
    for (const attempt of [() => journal.toJSON(), () => JSON.stringify(journal)]) {
      expect(attempt).toThrow(JournalSerializationError);
      expect(attempt).toThrow(InvalidArgumentError);
      expect(attempt).toThrow(`data of entry 1 = ${shown}`);
    }
    expect(journal.append("next").sequence).toBe(2);
    expect(journal.size()).toBe(3);
  });

  it("a serializer that throws is the cause, and the journal goes on", () => {
    const cause = new Error("cannot");
    let isBroken = true;
    const serializer: Serializer<number> = {
      serialize(data) {
        if (isBroken && data === 2) throw cause;
        return `${data}`;
      },
      deserialize(data) {
        if (isBroken && data === "3") throw cause;
        return Number(data);
      },
    };
    const journal = new Journal<number>({ clock, serializer });
    journal.append(1);
    journal.append(2);
    const failure = (() => {
      try {
        return journal.toJSON();
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(JournalSerializationError);
    expect(failure).toMatchObject({ name: "JournalSerializationError", sequence: 1, value: 2, cause });
    expect(journal.append(3).sequence).toBe(2);
    expect(journal.size()).toBe(3);

    isBroken = false;
    const json = journal.toJSON();
    isBroken = true;
    expect(() => Journal.fromJSON(json, { clock, serializer })).toThrow('data of entry 2 = "3"');
    isBroken = false;
    expect(Journal.fromJSON(json, { clock, serializer }).filter(() => true)).toEqual([1, 2, 3]);
  });

  it("also what a serializer makes of the data", () => {
    const serializer = { serialize: () => circular, deserialize: () => 0 };
    const journal = new Journal<number>({ clock, serializer });
    journal.append(1);
    expect(() => journal.toJSON()).toThrow(JournalSerializationError);
  });
});

describe("what is no journal", () => {
  const timestamp = { wallMs: 1, monoMs: 1 };
  const entry = { id: "a", sequence: 0, timestamp, data: 1 };
  it.each([
    ["json", null],
    ["json", 5],
    ["json", "{ not json"],
    ["json.nextSequence", {}],
    ["json.nextSequence", { nextSequence: -1, entries: [] }],
    ["json.nextSequence", { nextSequence: 1.5, entries: [] }],
    ["json.createdAt.monoMs", { nextSequence: 0, entries: [], createdAt: { wallMs: 1 } }],
    ["json.entries", { nextSequence: 0 }],
    ["json.entries", { nextSequence: 0, entries: {} }],
    ["json.entries[0]", { nextSequence: 1, entries: [null] }],
    ["json.entries[0].id", { nextSequence: 1, entries: [{ ...entry, id: 1 }] }],
    ["json.entries[0].timestamp", { nextSequence: 1, entries: [{ ...entry, timestamp: 5 }] }],
    [
      "json.entries[0].timestamp.wallMs",
      { nextSequence: 1, entries: [{ ...entry, timestamp: { wallMs: null, monoMs: 1 } }] },
    ],
    ["json.entries[0].sequence", { nextSequence: 1, entries: [{ ...entry, sequence: "0" }] }],
    ["json.entries[0].sequence", { nextSequence: 5, entries: [entry] }],
    ["json.entries[1].sequence", { nextSequence: 2, entries: [entry, { ...entry, sequence: 2 }] }],
    ["json.entries[0].sequence", { nextSequence: 0, entries: [entry] }],
  ])("names %s", (argument, json) => {
    const restore = () => Journal.fromJSON(json as never, { clock });
    expect(restore).toThrow(InvalidArgumentError);
    expect(restore).toThrow(`${argument} = `);
  });
});
