import { createControlledClock, ms } from "@phyxius/clock";
import { createJournal, Journal } from "@phyxius/journal";
import { expect, it } from "vitest";
import { createTripwire } from "../../../sim/kernel/tripwire.ts";
import { createAtom } from "../../atom/src/index.ts";
import { runEffect, sleep } from "../../effect/src/index.ts";
import { createRootSupervisor } from "../src/index.ts";

it("all five primitives work together under the simulator's own tripwire", async () => {
  const tripwire = createTripwire(() => null);
  tripwire.engage();
  try {
    const clock = createControlledClock(0);
    const journal = createJournal<string>({ clock, maxEntries: 3, overflow: "bounded:drop_oldest" });
    const total = createAtom(0, clock, { historySize: 5 });
    total.watch(({ from, to }) => void journal.append(`${from} to ${to}`));
    const supervisor = createRootSupervisor({ clock, journal, emit: () => {}, random: () => 0.5 });
    const adder = supervisor.spawn(
      {
        name: "adder",
        init: () => undefined,
        async handle(_state: undefined, amount: number, tools) {
          await runEffect(
            async (context) => {
              context.set("amount", amount);
              context.defer(() => void tools.journal?.append("done"));
              await sleep(10).timeout(100).retry({ maxAttempts: 2, baseDelayMs: 1 }).run(context);
              if (amount < 0) throw new Error("counts only up");
              total.swap((sum) => sum + amount);
            },
            { clock: tools.clock, timeoutMs: 1_000, emit: () => {} },
          );
          if (amount === 1) tools.schedule(5, 4);
        },
        supervision: { type: "one-for-one", backoff: { initial: 7, max: 70, factor: 2, jitter: 10 } },
      },
      {},
    );
    for (const amount of [1, -1, 2]) adder.send(amount);
    void clock.deadline({ wallMs: 20 });
    const ticks = clock.interval(ms(10), () => {});
    for (let step = 0; step < 60; step++) {
      clock.advanceBy(1);
      await clock.flush();
    }
    ticks.cancel();
    await supervisor.stop();
    expect(total.deref()).toBe(1 + 2 + 4);
    expect(clock.getPendingTimerCount()).toBe(0);
    expect(Journal.fromJSON(JSON.stringify(journal), { clock }).size()).toBe(3);
  } finally {
    tripwire.release();
  }
  expect(tripwire.leaks).toEqual([]);
});
