import assert from "node:assert/strict";
import { it } from "vitest";
import { createAtom, type Change } from "@phyxius/atom";
import { createControlledClock } from "@phyxius/clock";
import { expectExportsInReadme, expectSnippetsInReadme } from "../../clock/test/readme-snippets.ts";

it("the README shows code that works", () => {
  // README
  const clock = createControlledClock(); // createSystemClock() in production
  const cart = createAtom({ items: 0 }, clock, { historySize: 10 });

  const changes: Change<{ items: number }>[] = [];
  const unwatch = cart.watch((change) => void changes.push(change));

  clock.advanceBy(250);
  cart.swap(({ items }) => ({ items: items + 2 }), { cause: "two books" });

  assert.deepEqual(cart.deref(), { items: 2 });
  assert.equal(cart.version(), 1);
  assert.equal(changes[0]?.cause, "two books");
  assert.deepEqual(cart.snapshot().at, { wallMs: 250, monoMs: 250 });
  assert.deepEqual(
    cart.history().map(({ version, value }) => [version, value.items]),
    [
      [0, 0],
      [1, 2],
    ],
  );
  unwatch();
  // end
});

it("the README is in step with this file", () => {
  expectSnippetsInReadme(import.meta.url);
});

it("the README names all exports", () => {
  expectExportsInReadme(import.meta.url);
});
