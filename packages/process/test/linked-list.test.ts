import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LinkedList, type Linked } from "../src/linked-list.ts";

class Item implements Linked<Item> {
  older: Item | undefined;
  newer: Item | undefined;
  isListed = false;
}

describe("a linked list", () => {
  it("is a list in which anything may come and go", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 120 }), (choices) => {
        const list = new LinkedList<Item>();
        let model: Item[] = [];
        const all: Item[] = [];
        for (const choice of choices) {
          const known = all[choice];
          if (known === undefined || (!known.isListed && choice % 3 === 0)) {
            const item = known ?? new Item();
            if (known === undefined) all.push(item);
            list.add(item);
            model.push(item);
          } else {
            expect(list.remove(known)).toBe(model.includes(known));
            model = model.filter((item) => item !== known);
          }
          const items = list.items();
          expect(items.length).toBe(model.length);
          expect(items.every((item, index) => item === model[index])).toBe(true);
          expect(list.isEmpty).toBe(model.length === 0);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("lets go of what leaves it, and of what that was beside", () => {
    const list = new LinkedList<Item>();
    const items = [new Item(), new Item(), new Item()];
    for (const item of items) list.add(item);
    list.remove(items[1]!);
    expect([items[1]!.older, items[1]!.newer, items[1]!.isListed]).toEqual([undefined, undefined, false]);
  });
});
