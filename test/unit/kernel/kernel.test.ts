import { describe, expect, test } from "vitest";
import { backgroundCause, operationCause } from "../../../sim/kernel/cause.ts";
import { createSeededChooser } from "../../../sim/kernel/choices.ts";
import { AbortedError, createKernel, type Kernel, RunawayError } from "../../../sim/kernel/kernel.ts";
import { createTripwire } from "../../../sim/kernel/tripwire.ts";

function testKernel(eventsMax = 1_000_000, isAborted?: () => boolean): Kernel {
  return createKernel({
    chooser: createSeededChooser(1),
    tripwire: createTripwire(() => null),
    eventsMax,
    isAborted,
  });
}

const cause = backgroundCause("test");

describe("the kernel", () => {
  test("runs events in the order of time, tie, scheduling", async () => {
    const kernel = testKernel();
    const order: string[] = [];
    const at = (dueUs: number, tie: number, name: string) =>
      kernel.schedule(dueUs, tie, 1, cause, () => order.push(`${name}@${kernel.nowUs}`));
    at(20, 0, "late");
    at(10, 2, "second tie");
    at(10, 1, "first tie");
    at(10, 2, "second tie, later");
    await kernel.run(100);
    expect(order).toEqual(["first tie@10", "second tie@10", "second tie, later@10", "late@20"]);
    expect(kernel.nowUs).toBe(100);
  });

  test("leaves what is due after the end, and goes on from there", async () => {
    const kernel = testKernel();
    const order: number[] = [];
    for (const dueUs of [5, 15]) kernel.schedule(dueUs, 0, 1, cause, () => order.push(kernel.nowUs));
    await kernel.run(10);
    expect(order).toEqual([5]);
    await kernel.run(20);
    expect(order).toEqual([5, 15]);
  });

  test("waits for every promise job between two events, however long the chain", async () => {
    const kernel = testKernel();
    const order: string[] = [];
    kernel.schedule(1, 0, 1, cause, () => {
      void (async () => {
        for (let hop = 0; hop < 1000; hop++) await Promise.resolve();
        order.push("the chain of the first event");
      })();
    });
    kernel.schedule(1, 1, 1, cause, () => order.push("the second event"));
    await kernel.run(1);
    expect(order).toEqual(["the chain of the first event", "the second event"]);
  });

  test("drops cancelled events and whole lanes", async () => {
    const kernel = testKernel();
    const order: string[] = [];
    const cancelled = kernel.schedule(1, 0, 1, cause, () => order.push("cancelled"));
    for (let i = 0; i < 5; i++) kernel.schedule(2 + i, 0, 2, cause, () => order.push("lane 2"));
    kernel.schedule(9, 0, 3, cause, () => order.push("lane 3"));
    expect(kernel.cancel(cancelled)).toBe(true);
    expect(kernel.cancel(cancelled)).toBe(false);
    expect(kernel.cancelLane(2)).toBe(5);
    await kernel.run(10);
    expect(order).toEqual(["lane 3"]);
  });

  test("stops a run that would never end", async () => {
    const kernel = testKernel(1000);
    const again = () => void kernel.schedule(kernel.nowUs, 0, 1, cause, again);
    again();
    await expect(kernel.run(1)).rejects.toThrow(RunawayError);
    expect(Date.now()).toBeTypeOf("number");
  });

  test("yields to the event loop now and then, and can be stopped there", async () => {
    const kernel = testKernel(10_000_000, () => true);
    const again = () => void kernel.schedule(kernel.nowUs + 1, 0, 1, cause, again);
    again();
    let timersRan = 0;
    const timer = setInterval(() => timersRan++, 0);
    await expect(kernel.run(9_000_000)).rejects.toThrow(AbortedError);
    clearInterval(timer);
    expect(kernel.eventCount).toBeGreaterThan(1000);
  });

  test("an event that throws ends the run with its error, and nothing stays patched", async () => {
    const kernel = testKernel();
    const { now } = Date;
    kernel.schedule(1, 0, 1, cause, () => {
      throw new Error("boom");
    });
    await expect(kernel.run(10)).rejects.toThrow("boom");
    expect(Date.now).toBe(now);
    expect(Math.random()).toBeGreaterThanOrEqual(0);
  });
});

describe("causes", () => {
  test("count their ordinals for each place by itself", () => {
    const operation = operationCause("c1#1");
    const places = [1, 1, 2, 1, 2, 3, 1];
    expect(places.map((place) => operation.nextOrdinal(place))).toEqual([0, 1, 0, 2, 1, 0, 3]);
  });

  test("an operation keeps its timers, background work opens a cause for each", () => {
    const operation = operationCause("c1#1");
    expect(operation.afterTimer(1)).toBe(operation);
    const boot = backgroundCause("n1@1/boot");
    const chain = [boot];
    for (let i = 0; i < 10_000; i++) chain.push((chain.at(-1) as typeof boot).afterTimer(1));
    expect(new Set(chain.map(({ hash }) => hash)).size).toBe(chain.length);
    expect((chain.at(-1) as typeof boot).label.length).toBeLessThan(40);
  });

  test("are named alike in every run, whatever else happens", () => {
    const chain = () => backgroundCause("n1@1/boot").afterTimer(1).afterTimer(1).label;
    expect(chain()).toBe(chain());
    expect(backgroundCause("n1@1/boot").afterTimer(1).hash).not.toBe(
      backgroundCause("n1@1/boot").afterTimer(2).hash,
    );
  });
});
