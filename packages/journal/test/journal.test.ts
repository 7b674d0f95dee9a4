import { describe, expect, it, vi } from "vitest";
import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import {
  createJournal,
  Journal,
  JournalOverflowError,
  JournalReentrancyError,
  type JournalEvent,
  type JournalOptions,
  type OverflowPolicy,
} from "@phyxius/journal";
import { withoutRealWorld } from "../../clock/test/forbid-real-world.ts";

const at = (timeMs: number) => ({ wallMs: timeMs, monoMs: timeMs });

function setUp<T = unknown>(options: Omit<Partial<JournalOptions<T>>, "clock" | "emit"> = {}) {
  const clock = createControlledClock();
  const events: JournalEvent[] = [];
  const journal = new Journal<T>({ ...options, clock, emit: (event) => void events.push(event) });
  const types = () => events.map(({ type }) => type);
  return { clock, events, types, journal };
}

const bounded = (maxEntries: number, overflow: OverflowPolicy) => ({ maxEntries, overflow });

describe("appending", () => {
  it("numbers and dates entries, and returns them", () => {
    const { clock, journal } = setUp<string>();
    clock.advanceBy(100);
    expect(journal.append("a")).toEqual({ id: "entry-0", sequence: 0, timestamp: at(100), data: "a" });
    clock.advanceBy(50);
    expect(journal.append("b")).toEqual({ id: "entry-1", sequence: 1, timestamp: at(150), data: "b" });
    expect(journal.size()).toBe(2);
    expect(journal.isEmpty()).toBe(false);
  });

  it("finds entries by their sequence, and the first and the last", () => {
    const { journal } = setUp<string>();
    expect(journal.isEmpty()).toBe(true);
    expect(journal.getFirst()).toBeUndefined();
    expect(journal.getLast()).toBeUndefined();
    const entries = ["a", "b", "c"].map((data) => journal.append(data));
    expect(journal.getEntry(1)).toBe(entries[1]);
    expect(journal.getFirst()).toBe(entries[0]);
    expect(journal.getLast()).toBe(entries[2]);
  });

  it.each([-1, 3, 0.5, 16, 2 ** 32, Number.NaN, Infinity, "1" as never])("has no entry %o", (sequence) => {
    const { journal } = setUp();
    [1, 2, 3].forEach((data) => journal.append(data));
    expect(journal.getEntry(sequence)).toBeUndefined();
  });

  it("holds undefined as well as anything", () => {
    const { journal } = setUp();
    journal.append(undefined);
    expect(journal.size()).toBe(1);
    expect(journal.getFirst()).toMatchObject({ sequence: 0, data: undefined });
    expect(journal.filter(() => true)).toEqual([undefined]);
  });

  it("names entries after their sequence, however large", () => {
    for (const nextSequence of [0, 998, 9_999, 123_456_998, 2 ** 40 - 2]) {
      const json = { entries: [], nextSequence };
      const one = Journal.fromJSON<string>(json, { clock: createControlledClock() });
      const other = Journal.fromJSON<string>(json, { clock: createControlledClock() });
      other.append("so that the two do not go in step");
      for (let sequence = nextSequence; sequence < nextSequence + 5; sequence++) {
        expect(one.append("a").id).toBe(`entry-${sequence}`);
        expect(other.append("b").id).toBe(`entry-${sequence + 1}`);
      }
    }
  });

  it("takes ids from the generator it is given", () => {
    let count = 0;
    const idGenerator = () => `id-${++count}`;
    // The journal takes the first for itself if it has somebody to tell.
    expect(setUp({ idGenerator }).journal.append(1).id).toBe("id-2");
    count = 0;
    expect(new Journal({ clock: createControlledClock(), idGenerator }).append(1).id).toBe("id-1");
  });

  it("is unchanged when the generator or the clock throws", () => {
    const clock = createControlledClock();
    let isBroken = false;
    const failing = {
      ...clock,
      now() {
        if (isBroken) throw new Error("clock");
        return clock.now();
      },
    };
    let id: unknown = "fine";
    const journal = new Journal({
      clock: failing,
      idGenerator: () => id as string,
      ...bounded(1, "bounded:drop_oldest"),
    });
    journal.append("kept");
    isBroken = true;
    expect(() => journal.append("lost")).toThrow("clock");
    expect(() => journal.clear()).toThrow("clock");
    isBroken = false;
    id = 5;
    expect(() => journal.append("lost")).toThrow("options.idGenerator() = 5");
    expect([...journal].map(({ data }) => data)).toEqual(["kept"]);
    id = "fine again";
    expect(journal.append("next").sequence).toBe(1);
  });
});

describe("clearing", () => {
  it("forgets the entries and goes on counting", () => {
    const { clock, journal, events } = setUp<string>();
    ["a", "b"].forEach((data) => journal.append(data));
    clock.advanceBy(5);
    journal.clear();
    expect(journal.isEmpty()).toBe(true);
    expect(journal.getFirst()).toBeUndefined();
    expect(journal.getLast()).toBeUndefined();
    expect(journal.getEntry(0)).toBeUndefined();
    expect(events.at(-1)).toEqual({ type: "journal:clear", previousSize: 2, at: at(5) });
    expect(journal.append("c")).toMatchObject({ id: "entry-2", sequence: 2 });
    expect(journal.getFirst()?.data).toBe("c");
  });
});

describe("a bound", () => {
  it("is none by default, and with policy none whatever maxEntries says", () => {
    const { journal } = setUp({ maxEntries: 2 });
    for (let index = 0; index < 1_000; index++) journal.append(index);
    expect(journal.size()).toBe(1_000);
    expect([...journal].every(({ sequence, data }) => sequence === data)).toBe(true);
  });

  it("drops the oldest", () => {
    const { journal, events } = setUp<string>(bounded(3, "bounded:drop_oldest"));
    ["a", "b", "c", "d", "e"].forEach((data) => journal.append(data));
    expect(journal.size()).toBe(3);
    expect(journal.getEntry(1)).toBeUndefined();
    expect(journal.getFirst()?.data).toBe("c");
    expect(journal.getLast()?.data).toBe("e");
    const overflows = events.filter(({ type }) => type === "journal:overflow");
    expect(overflows).toEqual(
      [1, 2].map(() => ({
        type: "journal:overflow",
        policy: "bounded:drop_oldest",
        maxEntries: 3,
        droppedCount: 1,
        at: at(0),
      })),
    );
  });

  it("refuses, and leaves all as it was", () => {
    const { journal, events } = setUp<string>(bounded(2, "bounded:error"));
    journal.append("a");
    journal.append("b");
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => journal.append("c")).toThrow(JournalOverflowError);
      expect(() => journal.append("c")).toThrow(/maxEntries = 2/);
    }
    expect([...journal].map(({ data }) => data)).toEqual(["a", "b"]);
    expect(events.at(-1)).toEqual({
      type: "journal:overflow",
      policy: "bounded:error",
      maxEntries: 2,
      at: at(0),
    });
    journal.clear();
    expect(journal.append("c").sequence).toBe(2);
  });
});

describe("iterating", () => {
  it("goes through the entries, oldest first, again and again", () => {
    const { journal } = setUp<string>(bounded(2, "bounded:drop_oldest"));
    ["a", "b", "c"].forEach((data) => journal.append(data));
    expect([...journal].map(({ data }) => data)).toEqual(["b", "c"]);
    expect(Array.from(journal, ({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("ends with the entries that were there, jumps over the dropped, and survives a clear", () => {
    const { journal } = setUp<number>(bounded(4, "bounded:drop_oldest"));
    [0, 1, 2, 3].forEach((data) => journal.append(data));
    const seen: number[] = [];
    for (const { data } of journal) {
      seen.push(data);
      if (data === 0) [4, 5].forEach((more) => journal.append(more));
      if (data === 2) journal.clear();
    }
    expect(seen).toEqual([0, 2]);
  });

  it("filters the data", () => {
    const { journal } = setUp<number>();
    [1, 2, 3, 4].forEach((data) => journal.append(data));
    expect(journal.filter((data) => data % 2 === 0)).toEqual([2, 4]);
    expect(journal.filter((_, { sequence }) => sequence > 1)).toEqual([3, 4]);
    expect(() => journal.filter("even" as never)).toThrow('predicate = "even"');
  });
});

describe("subscribing", () => {
  it("tells of each entry after it was stored, in order of subscription", () => {
    const { journal } = setUp<string>();
    const heard: string[] = [];
    journal.subscribe((entry) => void heard.push(`first ${entry.data} of ${journal.size()}`));
    const stop = journal.subscribe((entry) => {
      expect(journal.getLast()).toBe(entry);
      heard.push(`second ${entry.data}`);
    });
    journal.append("a");
    stop();
    journal.append("b");
    expect(heard).toEqual(["first a of 1", "second a", "first b of 2"]);
  });

  it("emits the error of a subscriber, thrown or rejected, and goes on", async () => {
    const { clock, journal, events } = setUp<string>();
    clock.advanceBy(30);
    const heard: string[] = [];
    journal.subscribe(() => {
      throw new Error("thrown");
    });
    journal.subscribe(() => Promise.reject(new Error("rejected")));
    journal.subscribe(({ data }) => void heard.push(data));
    journal.append("a");
    expect(heard).toEqual(["a"]);
    expect(events.at(-1)).toEqual({
      type: "journal:subscriber:error",
      seq: 0,
      id: "entry-0",
      error: new Error("thrown"),
      at: at(30),
    });
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ error: new Error("rejected") }));
  });

  it("refuses an append from inside a subscriber, and only there", () => {
    const { journal, events } = setUp<string>();
    const stop = journal.subscribe(() => {
      expect(() => journal.append("inside")).toThrow(JournalReentrancyError);
    });
    journal.append("a");
    expect(journal.size()).toBe(1);
    stop();
    journal.subscribe(() => void journal.append("inside"));
    journal.append("b");
    expect(events.at(-1)).toMatchObject({ type: "journal:subscriber:error", seq: 1 });
    expect((events.at(-1) as { error?: unknown }).error).toBeInstanceOf(JournalReentrancyError);
    expect(journal.size()).toBe(2);
  });

  it("lets a subscriber append later, or to another journal", async () => {
    const { journal } = setUp<string>();
    const other = setUp<string>().journal;
    const stop = journal.subscribe(({ data }) => {
      other.append(data);
      queueMicrotask(() => journal.append("later"));
      stop();
    });
    journal.append("a");
    await Promise.resolve();
    expect([...journal].map(({ data }) => data)).toEqual(["a", "later"]);
    expect(other.size()).toBe(1);
  });

  it("refuses an append from inside an emit hook, where it would never end", () => {
    for (const overflow of ["bounded:drop_oldest", "bounded:error"] as const) {
      const refusals: unknown[] = [];
      const journal: Journal = new Journal({
        clock: createControlledClock(),
        ...bounded(1, overflow),
        emit({ type }) {
          if (type === "journal:create") return;
          try {
            journal.append("inside");
          } catch (error) {
            refusals.push(error);
          }
        },
      });
      journal.append("a");
      if (overflow === "bounded:error") expect(() => journal.append("b")).toThrow(JournalOverflowError);
      else journal.append("b");
      expect(refusals.length).toBeGreaterThanOrEqual(2);
      for (const refusal of refusals) expect(refusal).toBeInstanceOf(JournalReentrancyError);
      expect(journal.size()).toBe(1);
    }
  });

  it("recovers from an emit hook that throws: the entry is there, and the next append works", () => {
    let isBroken = false;
    const journal = new Journal({
      clock: createControlledClock(),
      emit() {
        if (isBroken) throw new Error("hook");
      },
    });
    isBroken = true;
    expect(() => journal.append("a")).toThrow("hook");
    isBroken = false;
    expect(journal.append("b").sequence).toBe(1);
    expect(journal.getFirst()?.data).toBe("a");
  });
});

describe("events", () => {
  it("tell the whole story in order", () => {
    const { journal, events, types } = setUp<string>({
      idGenerator: (() => {
        let count = 0;
        return () => `id-${++count}`;
      })(),
      ...bounded(1, "bounded:drop_oldest"),
    });
    journal.append("a");
    journal.append("b");
    journal.clear();
    expect(types()).toEqual([
      "journal:create",
      "journal:append",
      "journal:overflow",
      "journal:append",
      "journal:clear",
    ]);
    expect(events[0]).toEqual({ type: "journal:create", journalId: "id-1", at: at(0) });
    expect(events[3]).toEqual({ type: "journal:append", id: "id-3", seq: 1, size: 1, at: at(0) });
  });
});

describe("a snapshot", () => {
  it("tells what was there", () => {
    const { clock, journal } = setUp<string>(bounded(2, "bounded:drop_oldest"));
    expect(journal.getSnapshot()).toEqual({
      firstSequence: 0,
      lastSequence: -1,
      totalCount: 0,
      timestamp: at(0),
      entries: [],
    });
    ["a", "b", "c"].forEach((data) => journal.append(data));
    clock.advanceBy(9);
    expect(journal.getSnapshot()).toEqual({
      firstSequence: 1,
      lastSequence: 2,
      totalCount: 2,
      timestamp: at(9),
      entries: [...journal],
    });
    journal.clear();
    expect(journal.getSnapshot()).toMatchObject({ firstSequence: 3, lastSequence: 2, totalCount: 0 });
  });

  it("is a deep copy: neither later appends nor later changes of the data reach it", () => {
    const { journal } = setUp<{ nested: { list: number[] }; map: Map<string, object> }>();
    const data = { nested: { list: [1] }, map: new Map([["k", { v: 1 }]]) };
    journal.append(data);
    const snapshot = journal.getSnapshot();
    data.nested.list.push(2);
    data.map.set("k", { v: 2 });
    journal.append(data);
    expect(snapshot.entries).toHaveLength(1);
    expect(snapshot.entries[0]?.data).toEqual({
      nested: { list: [1] },
      map: new Map([["k", { v: 1 }]]),
    });
  });

  it("is frozen throughout, collections too, and leaves the data itself free", () => {
    const { journal } = setUp<object>();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const data = {
      list: [{ deep: 1 }],
      map: new Map([[{ key: 1 }, { value: 1 }]]),
      set: new Set([{ member: 1 }]),
      bytes: new Uint8Array([1, 2]),
      circular,
    };
    journal.append(data);
    const snapshot = journal.getSnapshot();
    const copy = snapshot.entries[0]?.data as typeof data;
    const parts = [
      snapshot,
      snapshot.timestamp,
      snapshot.entries,
      snapshot.entries[0],
      copy,
      copy.list,
      copy.list[0],
      copy.map,
      [...copy.map][0]?.[0],
      [...copy.map][0]?.[1],
      copy.set,
      [...copy.set][0],
      copy.circular,
    ];
    parts.forEach((part, index) => expect(Object.isFrozen(part), `part ${index}`).toBe(true));
    expect(copy.circular.self).toBe(copy.circular);
    expect(() => copy.map.set({ key: 2 }, { value: 2 })).toThrow(TypeError);
    expect(() => copy.set.clear()).toThrow(TypeError);
    data.list.push({ deep: 2 });
    data.map.clear();
    expect(copy.list).toHaveLength(1);
  });

  it("copes with data of any depth", () => {
    const { journal } = setUp<object>();
    let deep: object = {};
    for (let level = 0; level < 2_000; level++) deep = { deep };
    journal.append(deep);
    expect(Object.isFrozen(journal.getSnapshot().entries[0]?.data)).toBe(true);
  });

  it("names the entry that cannot be copied", () => {
    const { journal } = setUp();
    journal.append("fine");
    journal.append({ run: () => {} });
    expect(() => journal.getSnapshot()).toThrow(InvalidArgumentError);
    expect(() => journal.getSnapshot()).toThrow("data of entry 1 = an object { run }");
    expect(journal.append("goes on").sequence).toBe(2);
  });
});

describe("bad options", () => {
  const clock = createControlledClock();
  it.each([
    ["options", undefined],
    ["options.clock", {}],
    ["options.clock", { clock: {} }],
    ["options.idGenerator", { clock, idGenerator: "id" }],
    ["options.emit", { clock, emit: true }],
    ["options.overflow", { clock, overflow: "bounded:drop_newest", maxEntries: 1 }],
    ["options.overflow", { clock, overflow: null }],
    ["options.maxEntries", { clock, maxEntries: 0 }],
    ["options.maxEntries", { clock, maxEntries: -1 }],
    ["options.maxEntries", { clock, maxEntries: 1.5 }],
    ["options.maxEntries", { clock, maxEntries: Number.NaN }],
    ["options.maxEntries", { clock, maxEntries: Infinity, overflow: "bounded:error" }],
    ["options.maxEntries", { clock, overflow: "bounded:drop_oldest" }],
    ["options.serializer.serialize", { clock, serializer: {} }],
    ["options.serializer.deserialize", { clock, serializer: { serialize: () => 1 } }],
  ])("name %s", (argument, options) => {
    expect(() => new Journal(options as never)).toThrow(InvalidArgumentError);
    expect(() => new Journal(options as never)).toThrow(`${argument} = `);
  });

  it("name a subscriber that is none", () => {
    const { journal } = setUp();
    expect(() => journal.subscribe({} as never)).toThrow("fn = ");
  });
});

describe("createJournal", () => {
  it("needs no options", async () => {
    const journal = createJournal<{ type: string }>();
    const before = Date.now();
    await Promise.resolve(journal.append({ type: "cache.get.hit" }));
    await Promise.resolve(journal.append({ type: "cache.get.error" }));
    expect(await Promise.resolve(journal.filter((event) => event.type.includes("error")))).toEqual([
      { type: "cache.get.error" },
    ]);
    expect(journal.getFirst()!.timestamp.wallMs).toBeGreaterThanOrEqual(before);
  });

  it("takes the options of a Journal", () => {
    const journal = createJournal({ clock: createControlledClock(8), ...bounded(1, "bounded:drop_oldest") });
    journal.append(1);
    journal.append(2);
    expect(journal).toBeInstanceOf(Journal);
    expect(journal.size()).toBe(1);
    expect(journal.getFirst()?.timestamp).toEqual(at(8));
  });
});

it("works where real time and randomness are forbidden", async () => {
  await withoutRealWorld(() => {
    const { journal } = setUp<number>(bounded(2, "bounded:drop_oldest"));
    [1, 2, 3].forEach((data) => journal.append(data));
    journal.getSnapshot();
    const restored = Journal.fromJSON<number>(JSON.stringify(journal), { clock: createControlledClock() });
    expect(restored.filter(() => true)).toEqual([2, 3]);
    expect(() => createJournal()).toThrow(/forbidden/);
  });
});
