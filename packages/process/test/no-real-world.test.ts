import { createControlledClock } from "@phyxius/clock";
import { expect, it } from "vitest";
import { withoutRealWorld } from "../../clock/test/forbid-real-world.ts";
import { createProcessId, createRootSupervisor, createSupervisor, spawn } from "../src/index.ts";
import { counter, getCount } from "./harness.ts";

it("uses neither real time nor randomness, and needs promise jobs only", async () => {
  const clock = createControlledClock(0);
  await withoutRealWorld(async () => {
    const settle = async () => {
      for (let job = 0; job < 50; job++) await Promise.resolve();
    };
    expect(createProcessId()).not.toBe(createProcessId());
    const supervisor = createRootSupervisor({ clock, emit: () => {} });
    const backoff = { initial: 10, max: 100, factor: 2, jitter: 50 };
    const ref = supervisor.spawn({ ...counter, supervision: { type: "one-for-one", backoff } }, {});
    ref.send({ type: "crash" });
    ref.send({ type: "increment" });
    await settle();
    clock.advanceBy(10);
    await settle();
    expect(await ref.ask(getCount)).toBe(1);
    const alone = spawn(counter, {}, clock);
    expect(await alone.ask(getCount)).toBe(0);
    const handled: string[] = [];
    // Not even the clock is needed for this.
    const clockless = createSupervisor();
    clockless.spawn({ handle: (message: string) => void handled.push(message) }).send("hello");
    await settle();
    expect(handled).toEqual(["hello"]);
    await Promise.all([supervisor.stop(), clockless.stop(), alone.stop()]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});
