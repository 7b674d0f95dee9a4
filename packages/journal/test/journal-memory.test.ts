import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import { Journal } from "@phyxius/journal";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it("ten million appends to a journal of a thousand keep memory flat", () => {
  const journal = new Journal({
    clock: createControlledClock(),
    maxEntries: 1_000,
    overflow: "bounded:drop_oldest",
  });
  const appendALot = (count: number) => {
    for (let index = 0; index < count; index++) journal.append({ index });
  };
  appendALot(10_000);
  const before = heapAfterCollection();
  appendALot(10_000_000);
  const growth = heapAfterCollection() - before;
  expect(journal.size()).toBe(1_000);
  expect(journal.getLast()?.sequence).toBe(10_009_999);
  // Keeping them all would be more than a gigabyte.
  expect(growth).toBeLessThan(2_000_000);
}, 60_000);

it("a cleared journal lets go of its entries and of their room", () => {
  const journal = new Journal({ clock: createControlledClock() });
  journal.append("so that all is warm");
  const before = heapAfterCollection();
  for (let index = 0; index < 300_000; index++) journal.append({ index });
  expect(heapAfterCollection() - before).toBeGreaterThan(20_000_000);
  journal.clear();
  expect(heapAfterCollection() - before).toBeLessThan(1_000_000);
});
