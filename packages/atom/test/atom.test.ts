import { describe, expect, it, vi } from "vitest";
import { AtomReentrancyError, createAtom, type Change } from "@phyxius/atom";
import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import { withoutRealWorld } from "../../clock/test/forbid-real-world.ts";

const at = (timeMs: number) => ({ wallMs: timeMs, monoMs: timeMs });

describe("reading", () => {
  it("gives the initial value, version and time", () => {
    const atom = createAtom("a", createControlledClock(7));
    expect(atom.deref()).toBe("a");
    expect(atom.get()).toBe("a");
    expect(atom.version()).toBe(0);
    expect(atom.snapshot()).toEqual({ value: "a", version: 0, at: at(7) });
    expect(atom.history()).toEqual([{ value: "a", version: 0, at: at(7) }]);
  });

  it("starts at the version it is told", () => {
    const atom = createAtom(0, createControlledClock(), { baseVersion: 10 });
    atom.swap((n) => n + 1);
    expect(atom.version()).toBe(11);
    expect(createAtom(0, createControlledClock(), { baseVersion: -3 }).version()).toBe(-3);
  });

  it("uses a system clock when it gets none", () => {
    const before = Date.now();
    const atom = createAtom({ n: 1 });
    atom.update((state) => ({ n: state.n + 1 }));
    expect(atom.get()).toEqual({ n: 2 });
    expect(atom.snapshot().at.wallMs).toBeGreaterThanOrEqual(before);
    expect(atom.snapshot().at.wallMs).toBeLessThanOrEqual(Date.now());
  });
});

describe("changing", () => {
  it("swaps, resets and updates, and returns the value that holds", () => {
    const atom = createAtom(1, createControlledClock());
    expect(atom.swap((n) => n + 1)).toBe(2);
    expect(atom.update((n) => n * 10)).toBe(20);
    expect(atom.reset(5)).toBe(5);
    expect(atom.version()).toBe(3);
  });

  it("dates a snapshot by its change, not by the time of asking", () => {
    const clock = createControlledClock();
    const atom = createAtom(0, clock);
    clock.advanceBy(500);
    atom.reset(1);
    clock.advanceBy(500);
    expect(atom.snapshot().at).toEqual(at(500));
    clock.jumpWallTime(9);
    atom.reset(2);
    expect(atom.snapshot().at).toEqual({ wallMs: 9, monoMs: 1_000 });
  });

  it("sets by comparison, which holds the current value against the expected one", () => {
    const atom = createAtom<number>(1, createControlledClock());
    expect(atom.compareAndSet(2, 3)).toBe(false);
    expect(atom.compareAndSet(1, 3)).toBe(true);
    expect(atom.deref()).toBe(3);
    expect(atom.version()).toBe(1);
  });

  it("counts a set by comparison to an equal value as done, but changes nothing", () => {
    const atom = createAtom(1, createControlledClock());
    const watcher = vi.fn<(change: unknown) => void>();
    atom.watch(watcher);
    expect(atom.compareAndSet(1, 1)).toBe(true);
    expect(atom.version()).toBe(0);
    expect(watcher).not.toHaveBeenCalled();
  });

  it("takes an update that equals the current value for no change at all", () => {
    const clock = createControlledClock();
    const kept = { id: 1, note: "kept" };
    const atom = createAtom(kept, clock, { equals: (a, b) => a.id === b.id, historySize: 5 });
    const watcher = vi.fn<(change: unknown) => void>();
    atom.watch(watcher);
    clock.advanceBy(1);
    expect(atom.reset({ id: 1, note: "other" })).toBe(kept);
    expect(atom.swap(() => ({ id: 1, note: "another" }))).toBe(kept);
    expect(atom.version()).toBe(0);
    expect(atom.history()).toHaveLength(1);
    expect(atom.snapshot().at).toEqual(at(0));
    expect(watcher).not.toHaveBeenCalled();
  });

  it("compares as Object.is does: NaN equals itself, 0 and -0 differ", () => {
    const atom = createAtom(Number.NaN, createControlledClock());
    atom.reset(Number.NaN);
    expect(atom.version()).toBe(0);
    atom.reset(0);
    atom.reset(-0);
    expect(atom.version()).toBe(2);
  });

  it("leaves everything as it was when the updater, the comparison or the clock throws", () => {
    const clock = createControlledClock();
    let isBroken = false;
    const fail = () => {
      if (isBroken) throw new Error("broken");
    };
    const failing = {
      ...clock,
      now() {
        fail();
        return clock.now();
      },
    };
    const brokenClock = createAtom(0, failing, { historySize: 3 });
    const brokenEquals = createAtom<number>(0, clock, {
      historySize: 3,
      equals(a, b) {
        fail();
        return a === b;
      },
    });
    isBroken = true;
    for (const atom of [brokenClock, brokenEquals]) {
      const watcher = vi.fn<(change: unknown) => void>();
      atom.watch(watcher);
      const before = atom.history();
      expect(() => atom.swap((n) => n + 1)).toThrow("broken");
      expect(() => atom.reset(9)).toThrow("broken");
      expect(() => atom.compareAndSet(0, 9)).toThrow("broken");
      expect(() =>
        atom.swap(() => {
          throw new TypeError("updater");
        }),
      ).toThrow(TypeError);
      expect(atom.history()).toEqual(before);
      expect(atom.version()).toBe(0);
      expect(watcher).not.toHaveBeenCalled();
    }
    isBroken = false;
    expect(brokenClock.swap((n) => n + 1)).toBe(1);
    expect(brokenEquals.compareAndSet(0, 2)).toBe(true);
  });
});

describe("watching", () => {
  it("tells of each change, synchronously, in the order of registration, with its cause", () => {
    const clock = createControlledClock(3);
    const atom = createAtom(1, clock, { baseVersion: 4 });
    const seen: [string, Change<number>][] = [];
    atom.watch((change) => void seen.push(["first", change]));
    atom.watch((change) => void seen.push(["second", change]));
    atom.swap((n) => n + 1, { cause: "because" });
    const change = { from: 1, to: 2, versionFrom: 4, versionTo: 5, at: at(3), cause: "because" };
    expect(seen).toEqual([
      ["first", change],
      ["second", change],
    ]);
    atom.reset(7);
    atom.compareAndSet(7, 8, { cause: { why: "cas" } });
    expect(seen[2]?.[1].cause).toBeUndefined();
    expect(seen[4]?.[1]).toMatchObject({ from: 7, to: 8, versionTo: 7, cause: { why: "cas" } });
  });

  it("shows watchers the state after the change", () => {
    const atom = createAtom(1, createControlledClock(), { historySize: 2 });
    const seen: unknown[] = [];
    atom.watch(() => void seen.push(atom.deref(), atom.version(), atom.history().length));
    atom.reset(2);
    expect(seen).toEqual([2, 1, 2]);
  });

  it("ends when told, once", () => {
    const atom = createAtom(0, createControlledClock());
    const watcher = vi.fn<(change: unknown) => void>();
    const stop = atom.watch(watcher);
    atom.reset(1);
    stop();
    stop();
    atom.reset(2);
    expect(watcher).toHaveBeenCalledTimes(1);
  });

  it("refuses an update from inside a watcher, by whatever name, and keeps the change that was made", () => {
    const atom = createAtom(0, createControlledClock());
    const refusals: unknown[] = [];
    atom.watch(() => {
      const updates = [
        () => atom.swap((n) => n + 1),
        () => atom.update((n) => n + 1),
        () => atom.reset(9),
        () => atom.compareAndSet(1, 9),
      ];
      for (const update of updates) {
        expect(update).toThrow(/reentrant/);
        expect(update).toThrow(AtomReentrancyError);
        refusals.push(update);
      }
    });
    atom.reset(1);
    expect(refusals).toHaveLength(4);
    expect(atom.deref()).toBe(1);
    expect(atom.reset(2)).toBe(2);
  });

  it("lets a watcher update another atom", () => {
    const clock = createControlledClock();
    const [source, doubled] = [createAtom(1, clock), createAtom(2, clock)];
    source.watch(({ to }) => void doubled.reset(to * 2));
    source.reset(21);
    expect(doubled.deref()).toBe(42);
  });

  it("refuses an update from inside an updater, which would be lost", () => {
    const atom = createAtom(0, createControlledClock());
    expect(() =>
      atom.swap((n) => {
        atom.reset(100);
        return n + 1;
      }),
    ).toThrow(AtomReentrancyError);
    expect(atom.deref()).toBe(0);
    expect(atom.swap((n) => n + atom.deref() + 1)).toBe(1);
  });

  it("goes on to the other watchers after one throws, and reports the error", async () => {
    const reported: unknown[] = [];
    const atom = createAtom("start", createControlledClock(), {
      onWatcherError(error, change) {
        reported.push([String(error), change.to]);
        throw new Error("the hook is broken too");
      },
    });
    const seen: string[] = [];
    atom.watch(() => {
      throw new Error("first");
    });
    atom.watch(({ to }) => void seen.push(to));
    atom.watch(() => Promise.reject(new Error("later")));
    expect(atom.reset("end")).toBe("end");
    expect(seen).toEqual(["end"]);
    expect(reported).toEqual([["Error: first", "end"]]);
    await vi.waitFor(() => expect(reported).toHaveLength(2));
    expect(reported[1]).toEqual(["Error: later", "end"]);
    expect(atom.version()).toBe(1);
  });

  it("swallows watcher errors without a hook", () => {
    const atom = createAtom(0, createControlledClock());
    atom.watch(() => {
      throw new Error("nobody listens");
    });
    expect(atom.reset(1)).toBe(1);
  });
});

describe("history", () => {
  it("keeps the last snapshots, oldest first", () => {
    const clock = createControlledClock();
    const atom = createAtom(0, clock, { historySize: 3, baseVersion: 1 });
    for (let n = 1; n <= 4; n++) {
      clock.advanceBy(10);
      atom.reset(n);
    }
    expect(atom.history()).toEqual([
      { value: 2, version: 3, at: at(20) },
      { value: 3, version: 4, at: at(30) },
      { value: 4, version: 5, at: at(40) },
    ]);
  });

  it("keeps the current one when cleared, and grows again", () => {
    const atom = createAtom(0, createControlledClock(), { historySize: 3 });
    [1, 2, 3, 4].forEach((n) => atom.reset(n));
    atom.clearHistory();
    expect(atom.history()).toMatchObject([{ value: 4, version: 4 }]);
    [5, 6, 7].forEach((n) => atom.reset(n));
    expect(atom.history().map(({ value }) => value)).toEqual([5, 6, 7]);
  });

  it("is a copy that later changes leave alone", () => {
    const atom = createAtom(0, createControlledClock(), { historySize: 2 });
    const before = atom.history();
    atom.reset(1);
    expect(before).toHaveLength(1);
  });

  it("holds the current snapshot at least, and everything at most", () => {
    expect(createAtom(0, createControlledClock(), { historySize: 0 }).history()).toHaveLength(1);
    const all = createAtom(0, createControlledClock(), { historySize: Infinity });
    for (let n = 1; n <= 5_000; n++) all.reset(n);
    expect(all.history()).toHaveLength(5_001);
  });
});

describe("bad input", () => {
  const clock = createControlledClock();
  it.each([
    ["clock", () => createAtom(0, {} as never)],
    ["clock", () => createAtom(0, null as never)],
    ["options.equals", () => createAtom(0, clock, { equals: "===" as never })],
    ["options.onWatcherError", () => createAtom(0, clock, { onWatcherError: 1 as never })],
    ["options.baseVersion", () => createAtom(0, clock, { baseVersion: 0.5 })],
    ["options.baseVersion", () => createAtom(0, clock, { baseVersion: Number.NaN })],
    ["options.historySize", () => createAtom(0, clock, { historySize: -1 })],
    ["options.historySize", () => createAtom(0, clock, { historySize: 1.5 })],
    ["options.historySize", () => createAtom(0, clock, { historySize: Number.NaN })],
  ])("names %s", (argument, create) => {
    expect(create).toThrow(InvalidArgumentError);
    expect(create).toThrow(`${argument} = `);
  });

  it("names a function that is none, and changes nothing", () => {
    const atom = createAtom(0, clock);
    expect(() => atom.swap(5 as never)).toThrow("fn = 5");
    expect(() => atom.watch(undefined as never)).toThrow("fn = undefined");
    expect(atom.version()).toBe(0);
    expect(atom.swap((n) => n + 1)).toBe(1);
  });
});

it("works where real time and randomness are forbidden", async () => {
  await withoutRealWorld(() => {
    const atom = createAtom(0, createControlledClock(), { historySize: 2 });
    const watcher = vi.fn<(change: unknown) => void>();
    atom.watch(watcher);
    atom.swap((n) => n + 1);
    expect(atom.history()).toHaveLength(2);
    expect(watcher).toHaveBeenCalledTimes(1);
    expect(() => createAtom(0)).toThrow(/forbidden/);
  });
});
