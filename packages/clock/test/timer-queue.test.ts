import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTimerQueue, type QueueEntry } from "@phyxius/clock/timer-queue";

interface Entry extends QueueEntry {
  readonly name: number;
}

function entry(name: number, due: number, tie = 0): Entry {
  return { name, due, tie, sequence: 0, place: -1 };
}

function drain(queue: { pop(): Entry | undefined }): number[] {
  const names: number[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) names.push(next.name);
  return names;
}

describe("the timer queue", () => {
  it("gives the earliest first, then the smaller tie, then the first pushed", () => {
    const queue = createTimerQueue<Entry>();
    [entry(0, 5), entry(1, 3, 2), entry(2, 3, 1), entry(3, 3, 1), entry(4, -1)].forEach((one) =>
      queue.push(one),
    );
    expect(queue.peek()?.name).toBe(4);
    expect(drain(queue)).toEqual([4, 2, 3, 1, 0]);
    expect(queue.pop()).toBeUndefined();
    expect(queue.peek()).toBeUndefined();
  });

  it("takes an entry out once, and lets it come back", () => {
    const queue = createTimerQueue<Entry>();
    const [a, b] = [entry(0, 1), entry(1, 2)];
    queue.push(a);
    queue.push(b);
    expect(queue.remove(a)).toBe(true);
    expect(queue.remove(a)).toBe(false);
    expect(queue.remove(entry(9, 9))).toBe(false);
    expect(a.place).toBe(-1);
    a.due = 3;
    queue.push(a);
    expect(drain(queue)).toEqual([1, 0]);
  });

  it("refuses an entry that belongs to another queue", () => {
    const [one, other] = [createTimerQueue<Entry>(), createTimerQueue<Entry>()];
    const mine = entry(0, 1);
    one.push(mine);
    other.push(entry(1, 1));
    expect(other.remove(mine)).toBe(false);
    expect(other.size).toBe(1);
  });

  it("forgets everything when cleared", () => {
    const queue = createTimerQueue<Entry>();
    const entries = [entry(0, 1), entry(1, 2)];
    entries.forEach((one) => queue.push(one));
    queue.clear();
    expect(queue.size).toBe(0);
    expect(entries.map(({ place }) => place)).toEqual([-1, -1]);
  });

  it("lets the entry that fills a gap rise, when it comes from a branch of earlier ones", () => {
    const queue = createTimerQueue<Entry>();
    // The root, its four children, and below the first three of those four, four and one more.
    const dues = [0, 100, 1, 1, 1, 101, 102, 103, 104, 201, 202, 203, 204, 2];
    const entries = dues.map((due, name) => entry(name, due));
    entries.forEach((one) => queue.push(one));
    queue.remove(entries[5]!);
    expect(drain(queue)).toEqual([0, 2, 3, 4, 13, 1, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("looks at a logarithm of its entries for each push, pop and removal", () => {
    const SIZE = 100_000;
    let looks = 0;
    /** Knows how often anybody looked when it is due. */
    class Watched implements QueueEntry {
      tie = 0;
      sequence = 0;
      place = -1;
      private readonly dueAt: number;
      constructor(dueAt: number) {
        this.dueAt = dueAt;
      }
      get due(): number {
        looks++;
        return this.dueAt;
      }
    }
    const queue = createTimerQueue<Watched>();
    const looksFor = (act: () => void): number => {
      looks = 0;
      act();
      return looks;
    };
    // Every number below SIZE once, in an order that has nothing to do with theirs.
    const entries = Array.from({ length: SIZE }, (_, index) => new Watched((index * 61_803) % SIZE));
    // Nine levels of four branches hold a hundred thousand; each costs at most five comparisons of two looks each,
    // which are four when they find a difference.
    const most = 9 * 5 * 4;
    const pushes = entries.map((each) => looksFor(() => queue.push(each)));
    const removals = entries.slice(0, SIZE / 2).map((each) => looksFor(() => queue.remove(each)));
    const pops = entries.slice(SIZE / 2).map(() => looksFor(() => queue.pop()));
    expect(queue.size).toBe(0);
    for (const all of [pushes, removals, pops])
      expect(all.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(most);
  });

  it("is a sorted list, whatever is pushed, popped and removed", () => {
    type Action = ["push", number, number] | ["pop"] | ["remove", number] | ["removeWhere", number];
    const small = fc.integer({ min: -4, max: 4 });
    const action: fc.Arbitrary<Action> = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant("push" as const), small, fc.nat(2)) },
      { weight: 2, arbitrary: fc.tuple(fc.constant("pop" as const)) },
      { weight: 2, arbitrary: fc.tuple(fc.constant("remove" as const), fc.nat(60)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("removeWhere" as const), small) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const queue = createTimerQueue<Entry>();
        const all: Entry[] = [];
        let model: Entry[] = [];
        // A stable sort: what was pushed first stays first among equals.
        const sorted = () => [...model].sort((a, b) => a.due - b.due || a.tie - b.tie);

        for (const [what, x, y] of actions as [string, number, number][]) {
          if (what === "push") {
            const pushed = entry(all.length, x, y);
            all.push(pushed);
            model.push(pushed);
            queue.push(pushed);
          } else if (what === "pop") {
            const [first] = sorted();
            expect(queue.pop()).toBe(first);
            model = model.filter((other) => other !== first);
          } else if (what === "remove") {
            const target = all[x];
            if (target === undefined) continue;
            expect(queue.remove(target)).toBe(model.includes(target));
            model = model.filter((other) => other !== target);
          } else {
            const removed = model.filter(({ due }) => due === x).length;
            expect(queue.removeWhere(({ due }) => due === x)).toBe(removed);
            model = model.filter(({ due }) => due !== x);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.peek()).toBe(sorted()[0]);
          for (const one of all) expect(one.place >= 0).toBe(model.includes(one));
        }
        expect(drain(queue)).toEqual(sorted().map(({ name }) => name));
      }),
      { seed: 20_260_103, numRuns: 500 },
    );
  });
});
