import assert from "node:assert/strict";
import { it } from "vitest";
import { createControlledClock, ms, type Clock } from "@phyxius/clock";
import { expectExportsInReadme, expectSnippetsInReadme } from "./readme-snippets.ts";

it("the README shows code that works", async () => {
  // README
  class Sessions {
    readonly #expiry = new Map<string, number>();
    readonly #clock: Clock;

    constructor(clock: Clock) {
      this.#clock = clock;
    }

    open(id: string): void {
      this.#expiry.set(id, this.#clock.now().wallMs + 30_000);
    }

    isOpen(id: string): boolean {
      return (this.#expiry.get(id) ?? 0) > this.#clock.now().wallMs;
    }
  }

  // In production: new Sessions(createSystemClock())
  const clock = createControlledClock();
  const sessions = new Sessions(clock);
  sessions.open("ann");
  clock.advanceBy(29_999);
  assert.equal(sessions.isOpen("ann"), true);
  clock.advanceBy(1);
  assert.equal(sessions.isOpen("ann"), false);
  // end

  // README
  const woken: string[] = [];
  void clock.sleep(ms(200)).then(() => woken.push("later"));
  void clock.sleep(ms(100)).then(() => woken.push("sooner"));

  clock.advanceBy(200); // both timers fire here, synchronously…
  assert.deepEqual(woken, []);
  await clock.flush(); // …and here the promise callbacks have run
  assert.deepEqual(woken, ["sooner", "later"]);
  // end
});

it("the README is in step with this file", () => {
  expectSnippetsInReadme(import.meta.url);
});

it("the README names all exports", () => {
  expectExportsInReadme(import.meta.url);
});
