import { type Clock, ms } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2"];

/** What n2 did, and when, in milliseconds: the texts of messages, and what the test itself notes. */
function logOf(harness: WorldHarness) {
  const log: [atMs: number, what: string][] = [];
  const note = (what: string) => void log.push([harness.kernel.nowUs / 1000, what]);
  const read = async (): Promise<[number, string][]> => {
    await harness.kernel.run(10_000_000);
    for (const { at, atUs, text } of harness.arrivals) if (at === "n2") log.push([atUs / 1000, text]);
    return log.sort((a, b) => a[0] - b[0]);
  };
  return { note, read };
}

function clockOf(harness: WorldHarness): Clock {
  return harness.env("n2").clock;
}

describe("a pause", () => {
  test("lets what comes wait, and at its end run at once, in the order in which it came", async () => {
    const harness = worldHarness(MACHINES);
    const order: string[] = [];
    harness.at(1, () => {
      void clockOf(harness)
        .sleep(ms(130))
        .then(() => order.push(`timer at ${clockOf(harness).now().monoMs}`));
      harness.env("n2").network.onFrame((_, frame) => order.push(new TextDecoder().decode(frame)));
    });
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    for (const at of [90, 120, 140, 250]) harness.at(at, () => harness.send("n1", "n2", `sent ${at}`));
    await harness.kernel.run(199_999);
    expect(order).toEqual(["sent 90"]);
    await harness.kernel.run(200_000);
    expect(order).toEqual(["sent 90", "sent 120", "timer at 200", "sent 140"]);
    await harness.kernel.run(1_000_000);
    expect(order).toHaveLength(5);
    expect(harness.world.machine("n2").processor.isFree).toBe(true);
  });

  test("gives each of those an event of its own: what the first sets off settles before the second", async () => {
    const harness = worldHarness(MACHINES);
    const order: string[] = [];
    harness.at(1, () => {
      harness.env("n2").network.onFrame((_, frame) => {
        const text = new TextDecoder().decode(frame);
        order.push(text);
        void Promise.resolve().then(() => order.push(`${text} settled`));
      });
    });
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(150, () => harness.send("n1", "n2", "a"));
    harness.at(151, () => harness.send("n1", "n2", "b"));
    await harness.kernel.run(1_000_000);
    expect(order).toEqual(["a", "a settled", "b", "b settled"]);
  });

  test("does not stop the clock, nor whoever else is up", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(150, () => {
      note(`n2 shows ${clockOf(harness).now().monoMs}`);
      harness.send("n2", "n1", "sent by force");
    });
    expect(await read()).toEqual([[150, "n2 shows 150"]]);
    expect(harness.arrivals.map(({ at, atUs }) => [at, atUs])).toEqual([["n1", 151_000]]);
  });

  test("leaves an interval one tick that is late, and then its cadence", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    harness.at(5, () => void clockOf(harness).interval(ms(30), () => note("tick")));
    injure(harness, "pause", { startMs: 40, endMs: 120, machine: "n2" });
    injure(harness, "crash", { startMs: 200, endMs: 300, machine: "n2" });
    expect((await read()).map(([at]) => at)).toEqual([35, 120, 125, 155, 185]);
  });

  test("of two, the longer one counts", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    injure(harness, "pause", { startMs: 150, endMs: 250, machine: "n2" });
    harness.at(120, () => harness.send("n1", "n2", "x"));
    expect(await logOf(harness).read()).toEqual([[250, "x"]]);
  });

  test("holds up resets, and the boot of a next life", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "pause", { startMs: 100, endMs: 400, machine: "n2" });
    injure(harness, "crash", { startMs: 120, endMs: 130, machine: "n1" });
    expect(await logOf(harness).read()).toEqual([[400, "reset"]]);

    const rebooting = worldHarness(MACHINES);
    injure(rebooting, "pause", { startMs: 100, endMs: 400, machine: "n2" });
    injure(rebooting, "crash", { startMs: 150, endMs: 200, machine: "n2" });
    await rebooting.kernel.run(399_999);
    expect(rebooting.lives.filter(({ id }) => id === "n2")).toHaveLength(1);
    await rebooting.kernel.run(400_000);
    expect(rebooting.lives.filter(({ id }) => id === "n2")).toHaveLength(2);
    expect(rebooting.world.machine("n2").bootedAtUs).toBe(400_000);
  });

  test("has nothing left to run when the machine crashes in it", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    harness.at(
      1,
      () =>
        void clockOf(harness)
          .sleep(ms(120))
          .then(() => note("timer")),
    );
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(130, () => harness.send("n1", "n2", "waits, and is lost"));
    injure(harness, "crash", { startMs: 150, endMs: 300, machine: "n2" });
    harness.at(350, () => harness.send("n1", "n2", "after"));
    expect(await read()).toEqual([[351, "after"]]);
  });

  test("does not bring back a timer that was cancelled while it waited", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    harness.at(1, () => {
      const { clock, network } = harness.env("n2");
      const handle = clock.interval(ms(120), () => note("tick"));
      network.onFrame(() => {
        note("cancels");
        handle.cancel();
      });
    });
    injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
    harness.at(110, () => harness.send("n1", "n2", "x"));
    expect(await read()).toEqual([[200, "cancels"]]);
  });
});

describe("a slow processor", () => {
  const slow = { startMs: 100, endMs: 500, machine: "n2", costMs: 10 };

  test("takes its time for each event, one after the other", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "slow-cpu", slow);
    for (const text of ["a", "b", "c"]) harness.at(199, () => harness.send("n1", "n2", text));
    harness.at(299, () => harness.send("n1", "n2", "alone"));
    const log = await logOf(harness).read();
    expect(log.map(([at]) => at)).toEqual([210, 220, 230, 310]);
    expect(
      log
        .map(([, text]) => text)
        .slice(0, 3)
        .toSorted(),
    ).toEqual(["a", "b", "c"]);
  });

  test("delays its own timers and nobody else's", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    injure(harness, "slow-cpu", slow);
    harness.at(200, () => {
      void clockOf(harness)
        .sleep(ms(50))
        .then(() => note("n2"));
      void harness
        .env("n1")
        .clock.sleep(ms(50))
        .then(() => note("n1"));
    });
    expect(await read()).toEqual([
      [250, "n1"],
      [260, "n2"],
    ]);
  });

  test("is fast again at its end, also for what waits by then", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "slow-cpu", { ...slow, costMs: 300 });
    for (const at of [149, 159, 469]) harness.at(at, () => harness.send("n1", "n2", `${at}`));
    harness.at(600, () => harness.send("n1", "n2", "after"));
    expect(await logOf(harness).read()).toEqual([
      [450, "149"],
      [500, "159"],
      [500, "469"],
      [601, "after"],
    ]);
  });

  test("of two, the slower one counts, also for the event that it is at", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "slow-cpu", { ...slow, costMs: 100 });
    injure(harness, "slow-cpu", { startMs: 100, endMs: 300, machine: "n2", costMs: 1000 });
    harness.at(199, () => harness.send("n1", "n2", "x"));
    // 900 ms were left at 300 ms; then no event costs more than 100 ms.
    expect(await logOf(harness).read()).toEqual([[400, "x"]]);
  });

  test("does not go on working in a pause", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "slow-cpu", { ...slow, costMs: 50 });
    injure(harness, "pause", { startMs: 220, endMs: 300, machine: "n2" });
    for (const text of ["a", "b"]) harness.at(199, () => harness.send("n1", "n2", text));
    expect((await logOf(harness).read()).map(([at]) => at)).toEqual([330, 380]);
  });

  test("goes on with the next when the one it is at is taken back", async () => {
    const harness = worldHarness(MACHINES);
    const { note, read } = logOf(harness);
    injure(harness, "slow-cpu", slow);
    harness.at(150, () => {
      const handle = clockOf(harness).interval(ms(50), () => note("tick"));
      // Amid the tick's own cost, and from outside: a handler could not run then.
      harness.at(205, () => handle.cancel());
    });
    harness.at(200, () => harness.send("n1", "n2", "x"));
    expect(await read()).toEqual([[215, "x"]]);
  });
});

test("a machine's own time is that in which it was not busy", async () => {
  const harness = worldHarness(MACHINES);
  injure(harness, "pause", { startMs: 100, endMs: 200, machine: "n2" });
  injure(harness, "slow-cpu", { startMs: 300, endMs: 500, machine: "n2", costMs: 10 });
  for (const at of [319, 319, 399]) harness.at(at, () => harness.send("n1", "n2", "x"));
  await harness.kernel.run(1_000_000);
  const own = (fromMs: number, untilMs: number) =>
    harness.world.machine("n2").ownTimeUs(fromMs * 1000, untilMs * 1000) / 1000;
  expect(own(0, 100)).toBe(100);
  expect(own(0, 150)).toBe(100);
  expect(own(120, 180)).toBe(0);
  expect(own(150, 250)).toBe(50);
  expect(own(300, 400)).toBe(80);
  expect(own(0, 1000)).toBe(870);
});
