import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { createRootSupervisor, Supervisor, type ProcessId, type SupervisionStrategy } from "../src/index.ts";
import { counter, createGate, createHarness, getCount } from "./harness.ts";

function supervised(supervision: SupervisionStrategy) {
  return { ...counter, supervision };
}

describe("a failing handler", () => {
  it("fails the process, for good without supervision", async () => {
    const { supervisor, clock, events } = createHarness();
    const ref = supervisor.spawn(counter, {});
    ref.send({ type: "crash" });
    ref.send({ type: "increment" });
    await clock.flush();
    expect(ref.status()).toBe("failed");
    expect(ref.send({ type: "increment" })).toBe(false);
    const error = new Error("crash");
    expect(events.slice(-2)).toEqual([
      { type: "process:msg:error", id: "counter-1", msgType: "crash", seq: 1, error },
      { type: "process:fail", id: "counter-1", error, at: 0 },
    ]);
    await ref.stop();
    expect(ref.status()).toBe("stopped");
  });

  it("rejects the questions that wait", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(counter, {});
    ref.send({ type: "crash" });
    await expect(ref.ask(getCount)).rejects.toThrow("counter-1 has failed");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("may be asynchronous, or an init", async () => {
    const { supervisor, clock } = createHarness();
    const fails = async () => Promise.reject(new Error("no"));
    const late = supervisor.spawn({ name: "late", init: () => 0, handle: fails }, {});
    late.send(1);
    const never = supervisor.spawn({ name: "never", init: fails, handle: () => {} }, {});
    await clock.flush();
    expect([late.status(), never.status()]).toEqual(["failed", "failed"]);
  });

  it("ends the life with onStop, told of the error", async () => {
    const { supervisor, clock } = createHarness();
    const ends: unknown[] = [];
    const spec = { ...counter, onStop: (state: unknown, reason: unknown) => void ends.push([state, reason]) };
    const ref = supervisor.spawn(spec, {});
    ref.send({ type: "increment" });
    ref.send({ type: "crash" });
    await clock.flush();
    await ref.stop();
    expect(ends).toEqual([[{ count: 1 }, { type: "error", error: new Error("crash") }]]);
  });
});

describe("one-for-one", () => {
  it("restarts from init, keeps the address and the mailbox, loses the message in hand", async () => {
    const { supervisor, clock, types } = createHarness();
    const ref = supervisor.spawn(supervised({ type: "one-for-one" }), {});
    ref.send({ type: "increment", by: 100 });
    ref.send({ type: "crash" });
    ref.send({ type: "increment" });
    await clock.flush();
    expect(ref.status()).toBe("running");
    expect(await ref.ask(getCount)).toBe(1);
    expect(types().filter((type) => !type.includes("mailbox") && !type.includes("msg"))).toEqual([
      "process:start",
      "process:ready",
      "process:fail",
      "supervisor:restart",
      "process:start",
      "process:ready",
    ]);
  });

  it("waits longer each time, up to the longest wait", async () => {
    const { supervisor, ofType, advance } = createHarness();
    const backoff = { initial: 10, max: 50, factor: 2 };
    const ref = supervisor.spawn(supervised({ type: "one-for-one", backoff }), {});
    for (let crash = 0; crash < 5; crash++) ref.send({ type: "crash" });
    await advance(10);
    expect(ofType("process:ready")).toHaveLength(2);
    await advance(300);
    expect(ofType("supervisor:restart").map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 10],
      [2, 20],
      [3, 40],
      [4, 50],
      [5, 50],
    ]);
    expect(ofType("process:ready").map((event) => event.startedAt)).toEqual([0, 10, 30, 70, 120, 170]);
  });

  it("starts with the shortest wait again after a life longer than the longest", async () => {
    const { supervisor, ofType, advance } = createHarness();
    const backoff = { initial: 10, max: 50, factor: 2 };
    const ref = supervisor.spawn(supervised({ type: "one-for-one", backoff }), {});
    ref.send({ type: "crash" });
    ref.send({ type: "crash" });
    await advance(30 + 50);
    ref.send({ type: "crash" });
    await advance(40 + 51);
    ref.send({ type: "crash" });
    await advance(10);
    expect(ofType("supervisor:restart").map((event) => event.delayMs)).toEqual([10, 20, 40, 10]);
  });

  it("takes jitter from the injected source only", async () => {
    const backoff = { initial: 100, max: 1000, factor: 1, jitter: 20 };
    async function delaysWith(random?: () => number): Promise<number[]> {
      const { supervisor, ofType, advance } = createHarness({ random });
      const ref = supervisor.spawn(supervised({ type: "one-for-one", backoff }), {});
      for (let crash = 0; crash < 3; crash++) ref.send({ type: "crash" });
      await advance(400);
      return ofType("supervisor:restart").map((event) => event.delayMs);
    }
    const numbers = [0, 0.5, 1];
    expect(await delaysWith(() => numbers.shift() ?? 0)).toEqual([80, 100, 120]);
    expect(await delaysWith()).toEqual([100, 100, 100]);
  });

  it("gives up after too many restarts in too short a time", async () => {
    const { supervisor, ofType, advance, clock } = createHarness();
    const maxRestarts = { count: 2, within: 100 };
    const ref = supervisor.spawn(supervised({ type: "one-for-one", maxRestarts }), {});
    ref.send({ type: "crash" });
    await advance(60);
    ref.send({ type: "crash" });
    // The first restart leaves the window after 100 ms, so that this one is the second in it.
    await advance(60);
    ref.send({ type: "crash" });
    await advance(10);
    expect(ref.status()).toBe("running");
    ref.send({ type: "crash" });
    const question = ref.ask(getCount);
    await expect(question).rejects.toThrow("counter-1 has failed");
    expect(ref.status()).toBe("failed");
    expect(ref.send({ type: "increment" })).toBe(false);
    expect(ofType("supervisor:restart")).toHaveLength(3);
    expect(ofType("supervisor:giveup")).toEqual([
      { type: "supervisor:giveup", id: "counter-1", attempts: 2, withinMs: 100 },
    ]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("counts a restart for exactly as long as the window is", async () => {
    for (const [gapMs, status] of [
      [100, "failed"],
      [101, "running"],
    ] as const) {
      const { supervisor, advance } = createHarness();
      const ref = supervisor.spawn(
        supervised({ type: "one-for-one", maxRestarts: { count: 1, within: 100 } }),
        {},
      );
      ref.send({ type: "crash" });
      await advance(gapMs);
      ref.send({ type: "crash" });
      await advance(0);
      expect(ref.status()).toBe(status);
    }
  });

  it("measures on the monotonic track", async () => {
    const { supervisor, ofType, clock } = createHarness();
    const ref = supervisor.spawn(
      supervised({ type: "one-for-one", maxRestarts: { count: 1, within: 1000 } }),
      {},
    );
    ref.send({ type: "crash" });
    await clock.flush();
    clock.jumpWallTime(1_000_000);
    ref.send({ type: "crash" });
    await clock.flush();
    expect(ofType("supervisor:giveup")).toHaveLength(1);
  });

  it("never restarts at all with a count of zero", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(
      supervised({ type: "one-for-one", maxRestarts: { count: 0, within: 1 } }),
      {},
    );
    ref.send({ type: "crash" });
    await clock.flush();
    expect(ref.status()).toBe("failed");
  });

  it("counts a failing init, and never restarts twice in one instant", async () => {
    const { supervisor, ofType, advance } = createHarness();
    let births = 0;
    supervisor.spawn(
      {
        name: "stillborn",
        init() {
          births++;
          throw new Error("no");
        },
        handle: () => {},
        supervision: { type: "one-for-one" },
      },
      {},
    );
    await advance(0);
    expect(births).toBe(2);
    await advance(10);
    expect(births).toBe(12);
    expect(ofType("supervisor:restart").map((event) => event.delayMs)).toContain(1);
  });

  it("does not let a crash loop starve the others", async () => {
    const { supervisor, advance } = createHarness();
    const crasher = supervisor.spawn(
      {
        name: "crasher",
        init: (_ctx: object, tools) => void tools.schedule(0, "again"),
        handle: () => {
          throw new Error("again");
        },
        supervision: { type: "one-for-one" },
      },
      {},
    );
    const other = supervisor.spawn(counter, {});
    for (let n = 0; n < 20; n++) other.send({ type: "increment" });
    await advance(5);
    expect(await other.ask(getCount)).toBe(20);
    await crasher.stop();
  });

  it("leaves the other processes alone", async () => {
    const { supervisor, clock } = createHarness();
    const one = supervisor.spawn(supervised({ type: "one-for-one" }), {});
    const two = supervisor.spawn(supervised({ type: "one-for-one" }), {});
    two.send({ type: "increment" });
    one.send({ type: "crash" });
    await clock.flush();
    expect(await two.ask(getCount)).toBe(1);
  });
});

describe("stop", () => {
  it("waits for the message in hand, drops the rest and rejects the questions", async () => {
    const { supervisor, clock, events } = createHarness();
    const gate = createGate();
    const steps: string[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        async handle(state: number, msg: { name: string; reply?: (answer: string) => void }) {
          steps.push(`starts ${msg.name}`);
          await gate.promise;
          steps.push(`ends ${msg.name}`);
          msg.reply?.(msg.name);
          return state + 1;
        },
        onStop: (state, reason) => void steps.push(`onStop ${state} ${JSON.stringify(reason)}`),
      },
      {},
    );
    const inHand = ref.ask<string>((reply) => ({ name: "in hand", reply }));
    const waiting = ref
      .ask<string>((reply) => ({ name: "waiting", reply }))
      .catch((error: Error) => error.message);
    await clock.flush();
    const stopped = ref.stop("shutdown").then(() => steps.push("stopped"));
    expect(ref.status()).toBe("stopping");
    expect(ref.send({ name: "too late" })).toBe(false);
    expect(await waiting).toBe("p-1 was stopped");
    expect(steps).toEqual(["starts in hand"]);
    gate.open();
    expect(await inHand).toBe("in hand");
    await stopped;
    expect(ref.status()).toBe("stopped");
    expect(steps).toEqual(["starts in hand", "ends in hand", 'onStop 1 "shutdown"', "stopped"]);
    expect(events.at(-1)).toEqual({ type: "process:stop", id: "p-1", reason: "shutdown", at: 0 });
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("rejects a question that was handled but not answered", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn({ name: "p", init: () => 0, handle: () => {} }, {});
    const question = ref.ask(() => 1);
    await clock.flush();
    void ref.stop();
    await expect(question).rejects.toThrow("p-1 was stopped");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("is the same stop the second time, and harmless after a failure", async () => {
    const { supervisor } = createHarness();
    const ref = supervisor.spawn(counter, {});
    expect(ref.stop()).toBe(ref.stop());
    await ref.stop();
    expect(ref.status()).toBe("stopped");
  });

  it("waits for an init in hand", async () => {
    const { supervisor } = createHarness();
    const gate = createGate<string>();
    const ends: unknown[] = [];
    const ref = supervisor.spawn(
      { name: "p", init: () => gate.promise, handle: () => {}, onStop: (state) => void ends.push(state) },
      {},
    );
    const stopped = ref.stop();
    gate.open("state");
    await stopped;
    expect(ends).toEqual(["state"]);
  });

  it("calls off a restart", async () => {
    const { supervisor, clock, ofType } = createHarness();
    for (const initial of [0, 100]) {
      const backoff = { initial, max: 1000, factor: 2 };
      const ref = supervisor.spawn(supervised({ type: "one-for-one", backoff }), {});
      ref.send({ type: "crash" });
      while (ref.status() === "running") await Promise.resolve();
      await ref.stop();
      await clock.flush();
      expect(clock.getPendingTimerCount()).toBe(0);
      expect(ref.status()).toBe("stopped");
    }
    expect(ofType("process:start")).toHaveLength(2);
  });

  it("goes through when the message in hand or onStop fails", async () => {
    const { supervisor, clock, ofType } = createHarness();
    const gate = createGate();
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle: () => gate.promise.then(() => Promise.reject(new Error("in hand"))),
        onStop: () => Promise.reject(new Error("onStop")),
        supervision: { type: "one-for-one" },
      },
      {},
    );
    ref.send(1);
    await clock.flush();
    const stopped = ref.stop();
    gate.open();
    await stopped;
    expect(ref.status()).toBe("stopped");
    expect(ofType("process:fail").map((event) => event.error)).toEqual([
      new Error("in hand"),
      new Error("onStop"),
    ]);
    expect(ofType("supervisor:restart")).toEqual([]);
  });
});

describe("a supervisor", () => {
  it("stops all its processes, and starts no more", async () => {
    const { supervisor, clock } = createHarness();
    const order: string[] = [];
    const refs = ["a", "b"].map((name) =>
      supervisor.spawn(
        {
          ...counter,
          name,
          onStop: (_state, reason) => void order.push(`${name} ${JSON.stringify(reason)}`),
        },
        {},
      ),
    );
    await supervisor.stop();
    expect(refs.map((ref) => ref.status())).toEqual(["stopped", "stopped"]);
    expect(order).toEqual(['b "shutdown"', 'a "shutdown"']);
    expect(() => supervisor.spawn(counter, {})).toThrow("The supervisor is stopped: it cannot spawn");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("gives the same identifiers in identical runs, or those of a generator", () => {
    const clock = createControlledClock(0);
    const ids = (options = {}) => {
      const supervisor = createRootSupervisor({ clock, ...options });
      return [supervisor.spawn(counter, {}).id, supervisor.spawn(counter, {}).id];
    };
    expect(ids()).toEqual(["counter-1", "counter-2"]);
    expect(ids()).toEqual(ids());
    let count = 0;
    expect(ids({ generateId: (name: string) => `${name}/${++count}` })).toEqual(["counter/1", "counter/2"]);
  });

  it("cannot be disturbed by who listens", async () => {
    const { supervisor } = createHarness({
      emit: () => {
        throw new Error("broken listener");
      },
    });
    const ref = supervisor.spawn(counter, {});
    ref.send({ type: "increment" });
    expect(await ref.ask(getCount)).toBe(1);
  });
});

describe("the Supervisor class", () => {
  it("decides for processes of other makes, each by its own history", () => {
    const clock = createControlledClock(0);
    const events: unknown[] = [];
    const strategy: SupervisionStrategy = {
      type: "one-for-one",
      backoff: { initial: 100, max: 300, factor: 2 },
      maxRestarts: { count: 2, within: 1000 },
    };
    const supervisor = new Supervisor(strategy, clock, (event) => events.push(event));
    const [one, two] = ["one", "two"] as ProcessId[] as [ProcessId, ProcessId];
    expect(supervisor.getRestartDelay(one)).toBe(0);
    const failures = [one, one, two, one].map((id) => [
      supervisor.shouldRestart(id),
      supervisor.getRestartDelay(id),
    ]);
    expect(failures).toEqual([
      [true, 100],
      [true, 200],
      [true, 100],
      [false, 0],
    ]);
    supervisor.clearRestartHistory(one);
    expect(supervisor.shouldRestart(one)).toBe(true);
    expect(events).toContainEqual({ type: "supervisor:giveup", id: "one", attempts: 2, withinMs: 1000 });
    expect(events).toContainEqual({ type: "supervisor:restart", id: "one", attempt: 2, delayMs: 200 });
    expect(new Supervisor({ type: "none" }, clock).shouldRestart(one)).toBe(false);
  });
});
