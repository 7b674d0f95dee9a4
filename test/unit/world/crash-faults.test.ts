import { ms } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import { injure } from "../../support/injure.ts";
import { type WorldHarness, worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2", "n3"];
const END_US = 10_000_000;

function arrivalsAt(harness: WorldHarness, machine: string): string[] {
  return harness.arrivals
    .filter(({ at, text }) => at === machine && text !== "reset")
    .map(({ text }) => text);
}

/** Messages from n1 to n2 at 101, 102, ... ms. */
function stream(harness: WorldHarness, count: number): void {
  for (let i = 1; i <= count; i++) harness.at(100 + i, () => harness.send("n1", "n2", `${i}`));
}

describe("a crash after so many events", () => {
  const fault = { startMs: 100, endMs: 500, machine: "n2" };

  test("lets just those happen, and restarts the machine at its end", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash-at", { ...fault, afterEvents: 4 });
    stream(harness, 10);
    harness.at(600, () => harness.send("n1", "n2", "after"));
    await harness.kernel.run(END_US);
    expect(arrivalsAt(harness, "n2")).toEqual(["1", "2", "3", "4", "after"]);
    expect(harness.bootsOf("n2")).toEqual([0, 500]);
    expect(harness.arrivals.find(({ text }) => text === "reset")?.atUs).toBe(106_000);
  });

  test.each([1, 2, 3])("falls between any two events, %d", async (afterEvents) => {
    const harness = worldHarness(MACHINES);
    const done: string[] = [];
    harness.at(100, () => {
      const { clock, network } = harness.env("n2");
      network.onFrame(() => void Promise.resolve().then(() => done.push("message")));
      void clock.sleep(ms(5)).then(() => done.push("timer"));
    });
    injure(harness, "crash-at", { ...fault, startMs: 101, afterEvents });
    for (const at of [102, 110]) harness.at(at, () => harness.send("n1", "n2", "x"));
    await harness.kernel.run(1_000_000);
    // Whatever an event sets off by promises still belongs to it.
    expect(done).toEqual(["message", "timer", "message"].slice(0, afterEvents));
  });

  test("comes before anything else of the same moment", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "pause", { startMs: 90, endMs: 200, machine: "n2" });
    injure(harness, "crash-at", { ...fault, afterEvents: 2 });
    stream(harness, 5);
    await harness.kernel.run(1_000_000);
    expect(arrivalsAt(harness, "n2")).toEqual(["1", "2"]);
  });

  test("does not happen when fewer come, and leaves nothing behind", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash-at", { ...fault, afterEvents: 11 });
    stream(harness, 10);
    for (let i = 0; i < 5; i++) harness.at(600 + i, () => harness.send("n1", "n2", "after"));
    await harness.kernel.run(1_000_000);
    expect(arrivalsAt(harness, "n2")).toHaveLength(15);
    expect(harness.world.machine("n2").incarnation).toBe(1);
    expect(harness.world.machine("n2").processor.isFree).toBe(true);
  });

  test("counts timers and resets too, but not what the machine never sees", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "loss", { startMs: 102.5, endMs: 128, share: 1 });
    injure(harness, "crash-at", { ...fault, afterEvents: 4 });
    harness.at(101, () => void harness.env("n2").clock.sleep(ms(20)));
    stream(harness, 10);
    injure(harness, "crash", { startMs: 130, endMs: 200, machine: "n3" });
    // Two messages, the timer, and the reset of n3's connections.
    await harness.kernel.run(130_999);
    expect(arrivalsAt(harness, "n2")).toEqual(["1", "2"]);
    expect(harness.world.machine("n2").isUp).toBe(true);
    await harness.kernel.run(131_000);
    expect(harness.world.machine("n2").isUp).toBe(false);
  });
});

describe("a crash loop", () => {
  test("goes on until its end, when the machine stays up", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash-loop", { startMs: 100, endMs: 400, machine: "n2", downMs: 40, upMs: 60 });
    harness.at(450, () => harness.send("n1", "n2", "after"));
    await harness.kernel.run(END_US);
    expect(harness.bootsOf("n2")).toEqual([0, 140, 240, 340]);
    expect(harness.bootsOf("n1")).toEqual([0]);
    expect(arrivalsAt(harness, "n2")).toEqual(["after"]);
  });

  test("that ends while the machine is down starts it then", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash-loop", { startMs: 100, endMs: 220, machine: "n2", downMs: 40, upMs: 60 });
    await harness.kernel.run(END_US);
    expect(harness.bootsOf("n2")).toEqual([0, 140, 220]);
  });

  test("that is shorter than one time down is a crash", async () => {
    const harness = worldHarness(MACHINES);
    injure(harness, "crash-loop", { startMs: 100, endMs: 130, machine: "n2", downMs: 40, upMs: 60 });
    await harness.kernel.run(END_US);
    expect(harness.bootsOf("n2")).toEqual([0, 130]);
  });
});

describe("a rolling restart", () => {
  test("takes the machines in their order, each in its share of the time", async () => {
    const harness = worldHarness(MACHINES);
    const order = ["n3", "n1", "n2"];
    injure(harness, "rolling-restart", { startMs: 1000, endMs: 7000, machines: order, downMs: 300 });
    await harness.kernel.run(END_US);
    expect(MACHINES.map(harness.bootsOf)).toEqual([
      [0, 3300],
      [0, 5300],
      [0, 1300],
    ]);
  });
});

test("a process that is to fail on a machine without any is nothing, and so it is while the machine is down", async () => {
  const harness = worldHarness(MACHINES);
  injure(harness, "kill-process", { startMs: 10, endMs: 20, machine: "n1", process: "any" });
  injure(harness, "kill-process", { startMs: 10, endMs: 20, machine: "n2", process: "repair" });
  injure(harness, "crash", { startMs: 5, endMs: 30, machine: "n3" });
  injure(harness, "kill-process", { startMs: 10, endMs: 20, machine: "n3", process: "any" });
  await harness.kernel.run(1_000_000);
  expect(harness.errors).toEqual([]);
});
