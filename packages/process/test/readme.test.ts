import assert from "node:assert/strict";
import { createControlledClock } from "@phyxius/clock";
import { it } from "vitest";
import { expectExportsInReadme, expectSnippetsInReadme } from "../../clock/test/readme-snippets.ts";
import { createRootSupervisor, createSupervisor } from "../src/index.ts";

it("the README shows code that works", async () => {
  // README
  type CounterMessage = { type: "add"; amount: number } | { type: "get"; reply: (total: number) => void };

  const clock = createControlledClock();
  const supervisor = createRootSupervisor({ clock });

  const counter = supervisor.spawn(
    {
      name: "counter",
      init: (ctx: { start: number }) => ctx.start,
      handle(total: number, message: CounterMessage) {
        if (message.type === "get") {
          message.reply(total);
          return total;
        }
        if (message.amount < 0) throw new Error("counts only up");
        return total + message.amount;
      },
      supervision: {
        type: "one-for-one",
        backoff: { initial: 100, max: 5000, factor: 2 },
        maxRestarts: { count: 5, within: 60_000 },
      },
    },
    { start: 10 },
  );

  counter.send({ type: "add", amount: 5 });
  assert.equal(await counter.ask<number>((reply) => ({ type: "get", reply })), 15);

  counter.send({ type: "add", amount: -1 }); // ends this life…
  const total = counter.ask<number>((reply) => ({ type: "get", reply })); // …the question waits…
  await clock.flush();
  assert.equal(counter.status(), "failed");
  clock.advanceBy(100); // …and the next life, begun by init, answers it
  assert.equal(await total, 10);

  await supervisor.stop();
  assert.equal(counter.status(), "stopped");
  // end

  // README
  const rounds: number[] = [];
  const sweeper = createRootSupervisor({ clock }).spawn(
    {
      name: "sweeper",
      init: (_ctx: object, tools) => void tools.schedule(1000, "sweep"),
      async handle(_state: void, _message: "sweep", tools) {
        rounds.push(tools.clock.now().monoMs); // the work of one round; it may fail
        tools.schedule(1000, "sweep");
      },
      supervision: { type: "one-for-one", backoff: { initial: 100, max: 10_000, factor: 2 } },
    },
    {},
  );

  const startMs = clock.now().monoMs;
  for (let second = 0; second < 3; second++) {
    clock.advanceBy(1000);
    await clock.flush();
  }
  assert.deepEqual(rounds, [startMs + 1000, startMs + 2000, startMs + 3000]);
  await sweeper.stop();
  assert.equal(clock.getPendingTimerCount(), 0);
  // end

  // README
  const handled: string[] = [];
  const handlers = createSupervisor({ clock });
  const greeter = handlers.spawn({
    name: "greeter",
    greeting: "hello",
    async handle(message: string) {
      handled.push(`${this.greeting} ${message}`);
    },
  });
  greeter.send("world");
  await clock.flush();
  assert.deepEqual(handled, ["hello world"]);
  await handlers.stop();
  // end
});

it("the README is in step with this file", () => {
  expectSnippetsInReadme(import.meta.url);
});

it("the README names all exports", () => {
  expectExportsInReadme(import.meta.url);
});
