import fc from "fast-check";
import { expect, it } from "vitest";
import { Mailbox } from "../src/mailbox.ts";

interface Item {
  readonly number: number;
  next: Item | undefined;
}

it("a mailbox behaves like a bounded array", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom("reject" as const, "drop-oldest" as const),
      fc.array(
        fc.oneof({ weight: 6, arbitrary: fc.constant("put") }, fc.constant("take"), fc.constant("drain")),
        {
          maxLength: 200,
          size: "max",
        },
      ),
      (sizeMax, policy, actions) => {
        const mailbox = new Mailbox<Item>(sizeMax, policy);
        let model: Item[] = [];
        actions.forEach((action, number) => {
          if (action === "put") {
            const item: Item = { number, next: undefined };
            const isFull = model.length === sizeMax;
            const expected = !isFull ? undefined : policy === "reject" ? item : model[0];
            expect(mailbox.put(item)).toBe(expected);
            if (!isFull) model.push(item);
            else if (policy === "drop-oldest") model = [...model.slice(1), item];
          } else if (action === "take") {
            expect(mailbox.take()).toBe(model.shift());
          } else {
            expect(mailbox.drain()).toEqual(model);
            model = [];
          }
          expect(mailbox.size).toBe(model.length);
          expect(mailbox.isFull).toBe(model.length === sizeMax);
        });
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

it("drops the oldest of a large full mailbox without moving the rest", () => {
  const sizeMax = 100_000;
  const mailbox = new Mailbox<Item>(sizeMax, "drop-oldest");
  for (let number = 0; number < 10 * sizeMax; number++) mailbox.put({ number, next: undefined });
  expect(mailbox.take()).toEqual({ number: 9 * sizeMax, next: undefined });
});
