import { expect, it } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import { Journal } from "@phyxius/journal";

const ROUNDS = 5;
const CALLS = 50_000;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of several rounds: whatever else the machine does can only add to it. */
function leastCpuMs(work: (index: number) => void): number {
  const rounds = Array.from({ length: ROUNDS }, () =>
    cpuMs(() => {
      for (let index = 0; index < CALLS; index++) work(index);
    }),
  );
  return Math.min(...rounds);
}

function fullJournal(maxEntries: number): Journal<number> {
  const overflow = "bounded:drop_oldest";
  const journal = new Journal<number>({ clock: createControlledClock(), maxEntries, overflow });
  for (let index = 0; index < maxEntries; index++) journal.append(index);
  return journal;
}

it("no operation on one entry costs more in a journal of half a million than in one of ten", () => {
  const large = fullJournal(500_000);
  const small = fullJournal(10);
  const operations: Record<string, (journal: Journal<number>) => unknown> = {
    "append, dropping the oldest": (journal) => journal.append(0),
    getEntry: (journal) => journal.getEntry((journal.getLast()?.sequence ?? 0) - 5),
    getFirst: (journal) => journal.getFirst(),
    getLast: (journal) => journal.getLast(),
    size: (journal) => journal.size(),
    isEmpty: (journal) => journal.isEmpty(),
  };
  for (const [name, operation] of Object.entries(operations)) {
    const smallMs = leastCpuMs(() => operation(small));
    const largeMs = leastCpuMs(() => operation(large));
    // A search or a move of the entries would be thousands of times as dear.
    expect(largeMs, name).toBeLessThan(50 * smallMs + 50);
  }
});
