import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import { createRootSupervisor } from "../src/index.ts";
import { type CounterMessage, counter, getCount } from "./harness.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapAfterCollection(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it("messages, questions, timers, children and lives leave nothing behind", async () => {
  const clock = createControlledClock();
  const supervisor = createRootSupervisor({ clock });
  const parent = supervisor.spawn(
    {
      name: "parent",
      init: () => 0,
      async handle(count: number, msg: CounterMessage, tools) {
        if (msg.type === "crash") throw new Error("crash");
        if (msg.type === "get") msg.reply(count);
        tools.schedule(1_000, { type: "increment" })();
        tools.schedule(5, { type: "increment" });
        const child = tools.spawn(counter, {});
        await tools.ask(child, getCount);
        await child.stop();
        return count + 1;
      },
      supervision: { type: "one-for-one" },
    },
    {},
  );
  const churn = async (rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      await parent.ask(getCount);
      if (round % 10 === 0) parent.send({ type: "crash" });
      clock.advanceBy(2);
      await clock.flush();
    }
  };
  await churn(500);
  const before = heapAfterCollection();
  await churn(5_000);
  const growth = heapAfterCollection() - before;
  // A hundred bytes kept of each would be more than twice as much.
  expect(growth).toBeLessThan(1_000_000);
  await supervisor.stop();
  expect(clock.getPendingTimerCount()).toBe(0);
}, 60_000);
