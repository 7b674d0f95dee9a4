import { createJournal } from "@phyxius/journal";
import { describe, expect, it } from "vitest";
import { createSupervisor, ProcessError, type ProcessRef, type Tools } from "../src/index.ts";
import { counter, createGate, createHarness, getCount } from "./harness.ts";

describe("schedule", () => {
  it("delivers, in due order, and lets itself be called off", async () => {
    const { supervisor, clock, advance } = createHarness();
    const seen: unknown[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle(_state: number, msg: string, tools) {
          seen.push([clock.now().monoMs, msg]);
          if (msg !== "go") return;
          tools.schedule(20, "late");
          tools.schedule(10, "early");
          tools.schedule(0, "at once");
          tools.schedule(5, "never")();
        },
      },
      {},
    );
    ref.send("go");
    await advance(30);
    expect(seen).toEqual([
      [0, "go"],
      [0, "at once"],
      [10, "early"],
      [20, "late"],
    ]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("stops with the process", async () => {
    const { supervisor, clock, advance } = createHarness();
    const ref = supervisor.spawn(
      { name: "p", init: (_ctx: object, tools) => void tools.schedule(10, "tick"), handle: () => {} },
      {},
    );
    await advance(5);
    await ref.stop();
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("stops at once, not only when the message in hand is done", async () => {
    const { supervisor, clock } = createHarness();
    const gate = createGate();
    const ref = supervisor.spawn(
      {
        name: "p",
        init: (_ctx: object, tools) => void tools.schedule(10, "tick"),
        handle: () => gate.promise,
      },
      {},
    );
    ref.send("go");
    await clock.flush();
    const stopped = ref.stop();
    expect(clock.getPendingTimerCount()).toBe(0);
    gate.open();
    await stopped;
  });

  it("ends with the life that scheduled, not with the process", async () => {
    const { supervisor, advance } = createHarness();
    const seen: string[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle(_state: number, msg: string, tools) {
          seen.push(msg);
          tools.schedule(10, `scheduled by ${msg}`);
          if (msg === "crash") throw new Error("crash");
        },
        supervision: { type: "one-for-one" },
      },
      {},
    );
    ref.send("crash");
    await advance(5);
    ref.send("go");
    await advance(9);
    expect(seen).toEqual(["crash", "go"]);
    await advance(1);
    expect(seen).toEqual(["crash", "go", "scheduled by go"]);
    await ref.stop();
  });

  it("makes a process that keeps its own time, also through failures", async () => {
    const { supervisor, clock, advance } = createHarness();
    const ticks: number[] = [];
    supervisor.spawn(
      {
        name: "ticker",
        init(_ctx: object, tools) {
          tools.schedule(10, "tick");
        },
        handle(_state: void, _msg: string, tools) {
          ticks.push(clock.now().monoMs);
          if (ticks.length === 3) throw new Error("third tick");
          tools.schedule(10, "tick");
        },
        supervision: { type: "one-for-one", backoff: { initial: 5, max: 5, factor: 1 } },
      },
      {},
    );
    await advance(70);
    expect(ticks).toEqual([10, 20, 30, 45, 55, 65]);
    expect(clock.getPendingTimerCount()).toBe(1);
  });
});

describe("spawn", () => {
  function createFamily(harness: ReturnType<typeof createHarness>) {
    const children: ProcessRef<never>[] = [];
    const parent = harness.supervisor.spawn(
      {
        name: "parent",
        init: () => 0,
        handle(_state: number, msg: "spawn" | "crash", tools) {
          if (msg === "crash") throw new Error("parent");
          children.push(tools.spawn({ ...counter, name: "child", supervision: { type: "one-for-one" } }, {}));
        },
        supervision: { type: "one-for-one" },
      },
      {},
    );
    return {
      parent,
      children: children as unknown as ProcessRef<{ type: "crash" } | { type: "increment" }>[],
    };
  }

  it("makes a child that is supervised, and stops with its parent", async () => {
    const harness = createHarness();
    const { parent, children } = createFamily(harness);
    parent.send("spawn");
    parent.send("spawn");
    await harness.clock.flush();
    expect(children.map((child) => child.id)).toEqual(["child-2", "child-3"]);
    children[0]?.send({ type: "crash" });
    await harness.clock.flush();
    expect(children.map((child) => child.status())).toEqual(["running", "running"]);
    expect(parent.status()).toBe("running");
    await parent.stop();
    expect(children.map((child) => child.status())).toEqual(["stopped", "stopped"]);
    const stops = harness.ofType("process:stop").map((event) => event.id);
    expect(stops).toEqual(["child-3", "child-2", "parent-1"]);
  });

  it("ends the children of a life that failed", async () => {
    const harness = createHarness();
    const { parent, children } = createFamily(harness);
    parent.send("spawn");
    parent.send("crash");
    await harness.clock.flush();
    expect(children[0]?.status()).toBe("stopped");
    expect(parent.status()).toBe("running");
  });

  it("is forgotten when it has failed for good", async () => {
    const harness = createHarness();
    const children: (() => string)[] = [];
    const parent = harness.supervisor.spawn(
      {
        name: "parent",
        init(_ctx: object, tools) {
          const child = tools.spawn(counter, {});
          child.send({ type: "crash" });
          children.push(() => child.status());
        },
        handle: () => {},
      },
      {},
    );
    await harness.clock.flush();
    await parent.stop();
    expect(children.map((status) => status())).toEqual(["failed"]);
    expect(harness.ofType("process:stop").map((event) => event.id)).toEqual(["parent-1"]);
  });

  it("is stopped with a supervisor, to the last grandchild", async () => {
    const harness = createHarness();
    let depth = 0;
    const refs: (() => string)[] = [];
    const nested = {
      name: "nested",
      init(_ctx: object, tools: Tools<string, object>) {
        if (++depth === 4) return;
        const child = tools.spawn(nested, {});
        refs.push(() => child.status());
      },
      handle: () => {},
    };
    const eldest = harness.supervisor.spawn(nested, {});
    refs.push(() => eldest.status());
    expect(refs.map((status) => status())).toEqual(["running", "running", "running", "running"]);
    await harness.supervisor.stop();
    expect(refs.map((status) => status())).toEqual(["stopped", "stopped", "stopped", "stopped"]);
  });
});

describe("tools", () => {
  it("carry clock, journal, emit and ctx", async () => {
    const clockless = createHarness();
    const journal = createJournal<string>({ clock: clockless.clock });
    const { supervisor, clock, events } = createHarness({ journal });
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle(_state: number, msg: string, tools) {
          tools.journal?.append(`${msg} ${tools.ctx.user}`);
          tools.emit?.({ type: "custom", at: tools.clock.now().wallMs });
        },
      },
      { user: "ann" },
    );
    ref.send("hello");
    await clock.flush();
    expect([...journal].map((entry) => entry.data)).toEqual(["hello ann"]);
    expect(events).toContainEqual({ type: "custom", at: 0 });
  });

  it("ask other processes, or wait for a callback", async () => {
    const { supervisor, clock, advance } = createHarness();
    const other = supervisor.spawn(counter, {});
    const answers: unknown[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        async handle(_state: number, _msg: string, tools) {
          answers.push(await tools.ask(other, getCount));
          answers.push(await tools.ask<string>("a callback", (resolve) => resolve("called")));
          const failed = tools.ask("a failure", (_resolve, reject) => reject(new Error("refused")));
          answers.push(await failed.catch((error: Error) => error.message));
          const late = tools.ask("a late one", () => {}, 10);
          answers.push(await late.catch((error: Error) => error.message));
        },
      },
      {},
    );
    ref.send("go");
    await advance(10);
    expect(answers).toEqual([0, "called", "refused", 'p-2: no answer to "a late one" within 10ms']);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  // oxlint-disable typescript/unbound-method -- that they need no `this` is what is tested
  it("may be taken apart, like an address", async () => {
    const { supervisor, clock, advance } = createHarness();
    const seen: string[] = [];
    const { send, ask, status, stop } = supervisor.spawn(
      {
        name: "p",
        init: (_ctx: object, { schedule }) => void schedule(10, { text: "scheduled" }),
        async handle(
          _state: void,
          { text, reply }: { text: string; reply?: (answer: string) => void },
          { ...tools },
        ) {
          seen.push(`${text} at ${tools.clock.now().monoMs}`);
          const { spawn, ask: askAnother } = tools;
          reply?.(`${await askAnother(spawn(counter, {}), getCount)}`);
        },
      },
      {},
    );
    send({ text: "sent" });
    expect(await ask<string>((reply) => ({ text: "asked", reply }))).toBe("0");
    await advance(10);
    expect(seen).toEqual(["sent at 0", "asked at 0", "scheduled at 10"]);
    await stop();
    expect(status()).toBe("stopped");
    expect(clock.getPendingTimerCount()).toBe(0);
  });
  // oxlint-enable typescript/unbound-method

  it("know the time also where no clock was given", async () => {
    const supervisor = createSupervisor();
    const wallMs = await new Promise<number>((resolve) => {
      supervisor
        .spawn({ handle: (_message: string, tools) => resolve(tools.clock.now().wallMs) })
        .send("what time is it");
    });
    expect(Math.abs(wallMs - Date.now())).toBeLessThan(60_000);
    await supervisor.stop();
  });

  it("are dead after the life they belong to", async () => {
    const { supervisor, clock } = createHarness();
    let leaked: Tools<string, object> | undefined;
    const ref = supervisor.spawn(
      {
        name: "p",
        init(_ctx: object, tools: Tools<string, object>) {
          leaked = tools;
        },
        handle: () => {},
      },
      {},
    );
    await ref.stop();
    const tools = leaked as Tools<string, object>;
    tools.schedule(10, "tick");
    expect(clock.getPendingTimerCount()).toBe(0);
    expect(() => tools.spawn(counter, {})).toThrow(ProcessError);
    await expect(tools.ask("anything", () => {})).rejects.toThrow("This life of p-1 is over");
  });
});
