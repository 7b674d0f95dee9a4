import { createControlledClock, InvalidArgumentError } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { createRootSupervisor, createSupervisor, spawn, Supervisor } from "../src/index.ts";
import { counter, createHarness, getCount } from "./harness.ts";

const nothing = undefined as never;
const clock = createControlledClock(0);
const spawnWith = (options: object) => () =>
  createRootSupervisor({ clock }).spawn({ ...counter, ...options }, {});
const backoff = { initial: 1, max: 1, factor: 1 };
const supervision = (options: object) => spawnWith({ supervision: { type: "one-for-one", ...options } });

const mistakes: [name: string, argument: string, act: () => unknown][] = [
  ["no specification", "spec", () => spawn(nothing, {}, clock)],
  ["no handle", "spec.handle", spawnWith({ handle: undefined })],
  ["no handle, under createSupervisor", "spec.handle", () => createSupervisor({ clock }).spawn({} as never)],
  ["an init that is no function", "spec.init", spawnWith({ init: 1 })],
  ["an onStop that is no function", "spec.onStop", spawnWith({ onStop: 1 })],
  ["a name that is no string", "spec.name", spawnWith({ name: 1 })],
  ["an empty mailbox", "spec.maxInbox", spawnWith({ maxInbox: 0 })],
  ["half a message", "spec.maxInbox", spawnWith({ maxInbox: 1.5 })],
  ["an unknown policy", "spec.mailboxPolicy", spawnWith({ mailboxPolicy: "drop-newest" })],
  ["an unknown strategy", "spec.supervision.type", supervision({ type: "all-for-one" })],
  [
    "a negative wait",
    "spec.supervision.backoff.initial",
    supervision({ backoff: { ...backoff, initial: -1 } }),
  ],
  [
    "a longest wait that is no number",
    "spec.supervision.backoff.max",
    supervision({ backoff: { ...backoff, max: NaN } }),
  ],
  [
    "an infinite factor",
    "spec.supervision.backoff.factor",
    supervision({ backoff: { ...backoff, factor: Infinity } }),
  ],
  [
    "jitter over 100 %",
    "spec.supervision.backoff.jitter",
    supervision({ backoff: { ...backoff, jitter: 101 } }),
  ],
  [
    "a negative count",
    "spec.supervision.maxRestarts.count",
    supervision({ maxRestarts: { count: -1, within: 1 } }),
  ],
  [
    "half a window",
    "spec.supervision.maxRestarts.within",
    supervision({ maxRestarts: { count: 1, within: 0.5 } }),
  ],
  ["no clock", "clock", () => spawn(counter, {}, nothing)],
  ["no clock for a supervisor", "options.clock", () => createRootSupervisor({} as never)],
  ["a clock that is none", "options.clock", () => createSupervisor({ clock: {} as never })],
  ["an emit that is no function", "options.emit", () => createSupervisor({ emit: 1 as never })],
  ["a random that is no function", "options.random", () => createSupervisor({ random: 0.5 as never })],
  ["a strategy that is none", "strategy.type", () => new Supervisor(nothing, clock)],
];

describe("bad input", () => {
  it.each(mistakes)("%s names %s", async (_name, argument, act) => {
    let thrown: unknown;
    try {
      await act();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidArgumentError);
    expect(thrown).toMatchObject({ argument });
    expect((thrown as Error).message).toContain(`${argument} = `);
  });

  it("leaves a process as it was", async () => {
    const { supervisor, clock: time } = createHarness();
    const refusals: Promise<unknown>[] = [];
    const ref = supervisor.spawn(
      {
        ...counter,
        handle(state: { count: number }, msg: { after: number } | ReturnType<typeof getCount>, tools) {
          if ("after" in msg) {
            expect(() => tools.schedule(msg.after, msg)).toThrow(`after = ${msg.after}`);
            refusals.push(
              tools.ask("anything", () => {}, msg.after),
              tools.ask("anything", nothing),
            );
          }
          return counter.handle(state, "after" in msg ? { type: "increment" } : msg);
        },
      },
      {},
    );
    for (const duration of [-1, Number.NaN, Number.POSITIVE_INFINITY, 0.5]) {
      ref.send({ after: duration });
      await expect(ref.ask(getCount, duration)).rejects.toThrow(InvalidArgumentError);
    }
    await expect(ref.ask(nothing)).rejects.toThrow(InvalidArgumentError);
    expect(refusals).toHaveLength(8);
    for (const refusal of refusals) await expect(refusal).rejects.toThrow(InvalidArgumentError);
    expect(await ref.ask(getCount)).toBe(4);
    expect(time.getPendingTimerCount()).toBe(0);
  });
});
