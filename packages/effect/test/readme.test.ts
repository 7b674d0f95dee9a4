import assert from "node:assert/strict";
import { createControlledClock, ms } from "@phyxius/clock";
import { it } from "vitest";
import { expectExportsInReadme, expectSnippetsInReadme } from "../../clock/test/readme-snippets.ts";
import { effect, race, runEffect, sleep } from "../src/index.ts";

it("the README shows code that works", async () => {
  // README
  const clock = createControlledClock();
  const log: string[] = [];

  const lookUp = runEffect(
    async (context) => {
      context.set("requestId", "r1");
      context.defer((cause) => void log.push(`outer ${cause}`));

      // Handing the context on makes this a part of the operation: same request, same deadline.
      return runEffect(
        async (inner) => {
          inner.defer((cause) => void log.push(`inner ${cause}`));
          log.push(`${inner.get<string>("requestId")} has ${inner.remainingMs()} ms left`);
          await clock.sleep(ms(1000));
          return "an answer that comes too late";
        },
        { context },
      );
    },
    { clock, timeoutMs: 200 },
  );

  clock.advanceBy(200);
  await assert.rejects(lookUp, { name: "TimeoutError", message: "Effect timed out after 200ms" });
  assert.deepEqual(log, ["r1 has 200 ms left", "inner interrupted", "outer interrupted"]);
  // end

  clock.advanceBy(800);
  // README
  let attempts = 0;
  const flaky = effect(async (env) => {
    env.scope.push((cause) => void log.push(`attempt ${attempts} ${cause}`));
    await sleep(10).run(env);
    attempts += 1;
    return attempts < 3 ? { _tag: "Err", error: "not yet" } : { _tag: "Ok", value: "done" };
  });

  const patient = race([
    flaky.retry({ maxAttempts: 5, baseDelayMs: 100 }), // waits 100, 200, …
    sleep(5000).map(() => "gave up"),
  ]).unsafeRunPromise({ clock });

  for (let step = 0; step < 40; step++) {
    clock.advanceBy(10);
    await clock.flush();
  }
  assert.deepEqual(await patient, { _tag: "Ok", value: "done" });
  assert.equal(clock.getPendingTimerCount(), 0); // the loser's timer is gone
  // end
});

it("the README is in step with this file", () => {
  expectSnippetsInReadme(import.meta.url);
});

it("the README names all exports", () => {
  expectExportsInReadme(import.meta.url);
});
