import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createAtom } from "@phyxius/atom";
import { createControlledClock } from "@phyxius/clock";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it.each([1, 100])("a million swaps with a history of %d keep memory flat", (historySize) => {
  const clock = createControlledClock();
  const atom = createAtom({ n: 0, load: "" }, clock, { historySize });
  const swapALot = (count: number) => {
    for (let index = 0; index < count; index++) {
      clock.advanceBy(1);
      atom.swap(({ n }) => ({ n: n + 1, load: `${n}` }));
    }
  };
  swapALot(10_000);
  const before = heapAfterCollection();
  swapALot(1_000_000);
  const growth = heapAfterCollection() - before;
  expect(atom.history()).toHaveLength(historySize);
  // Keeping one object of each change would be some hundred megabytes.
  expect(growth).toBeLessThan(2_000_000);
});
