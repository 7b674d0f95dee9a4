import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { ProcessError, spawn, TimeoutError, type ProcessRef } from "../src/index.ts";
import { counter, createGate, createHarness, getCount } from "./harness.ts";

describe("a process", () => {
  it("handles messages one at a time, in order, and keeps the state they lead to", async () => {
    const { supervisor, clock } = createHarness();
    const order: number[] = [];
    let inHand = 0;
    const ref = supervisor.spawn(
      {
        name: "slow",
        init: (ctx: { start: number }) => ctx.start,
        async handle(sum: number, msg: number) {
          expect(++inHand).toBe(1);
          await Promise.resolve();
          await Promise.resolve();
          inHand--;
          order.push(msg);
          return sum + msg;
        },
        onStop: (sum) => void order.push(sum),
      },
      { start: 100 },
    );
    for (const msg of [1, 2, 3]) expect(ref.send(msg)).toBe(true);
    expect(order).toEqual([]);
    await clock.flush();
    await ref.stop();
    expect(order).toEqual([1, 2, 3, 106]);
  });

  it("keeps its state when the handler returns nothing", async () => {
    const { supervisor, clock } = createHarness();
    const seen: number[] = [];
    const ref = supervisor.spawn(
      { name: "p", init: () => 7, handle: (state: number) => void seen.push(state) },
      {},
    );
    ref.send("a");
    ref.send("b");
    await clock.flush();
    expect(seen).toEqual([7, 7]);
  });

  it("is starting while it initialises, and takes messages already", async () => {
    const { supervisor, clock } = createHarness();
    const gate = createGate<number>();
    const seen: unknown[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => gate.promise,
        handle: (state: number, msg: string) => void seen.push([state, msg]),
      },
      {},
    );
    expect(ref.status()).toBe("starting");
    expect(ref.send("early")).toBe(true);
    await clock.flush();
    expect(seen).toEqual([]);
    gate.open(1);
    await clock.flush();
    expect(ref.status()).toBe("running");
    expect(seen).toEqual([[1, "early"]]);
  });

  it("never handles a message before send has returned", () => {
    const { supervisor } = createHarness();
    let handled = false;
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle: () => {
          handled = true;
        },
      },
      {},
    );
    ref.send(1);
    expect(handled).toBe(false);
  });

  it("calls its functions as methods of the specification", async () => {
    const { supervisor, clock } = createHarness();
    class Greeter {
      readonly name = "greeter";
      readonly greeting = "hello";
      readonly seen: string[] = [];
      init() {
        this.seen.push(`${this.greeting} init`);
        return this.greeting;
      }
      handle(state: string, msg: string) {
        this.seen.push(`${state} ${this.greeting} ${msg}`);
      }
      onStop() {
        this.seen.push(`${this.greeting} stop`);
      }
    }
    const greeter = new Greeter();
    const ref = supervisor.spawn(greeter, {});
    ref.send("world");
    await clock.flush();
    await ref.stop();
    expect(greeter.seen).toEqual(["hello init", "hello hello world", "hello stop"]);
  });

  it("takes turns with the others, one message each", async () => {
    const { supervisor, clock } = createHarness();
    const order: string[] = [];
    const spawnNamed = (name: string) =>
      supervisor.spawn(
        { name, init: () => 0, handle: (_state: number, msg: number) => void order.push(name + msg) },
        {},
      );
    const [a, b] = [spawnNamed("a"), spawnNamed("b")];
    for (const msg of [1, 2, 3]) {
      a.send(msg);
      b.send(msg);
    }
    await clock.flush();
    expect(order).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
  });

  it("can be spawned alone, with identifiers counted by its clock", async () => {
    const ids = () => {
      const clock = createControlledClock(0);
      return [spawn(counter, {}, clock).id, spawn(counter, {}, clock).id];
    };
    expect(ids()).toEqual(["counter-1", "counter-2"]);
    expect(ids()).toEqual(ids());
    const clock = createControlledClock(0);
    const ref = spawn(counter, {}, clock);
    ref.send({ type: "increment" });
    expect(await ref.ask(getCount)).toBe(1);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("idle, has no timer", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(counter, {});
    ref.send({ type: "increment" });
    await clock.flush();
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

describe("ask", () => {
  it("resolves with the reply, and takes its timer away", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(counter, {});
    ref.send({ type: "increment", by: 5 });
    expect(await ref.ask(getCount)).toBe(5);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("can be answered later, and only once", async () => {
    const { supervisor, clock } = createHarness();
    const replies: ((answer: string) => void)[] = [];
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle: (_s: number, reply: (a: string) => void) => void replies.push(reply),
      },
      {},
    );
    const answer = ref.ask<string>((reply) => reply);
    await clock.flush();
    replies[0]?.("first");
    replies[0]?.("second");
    expect(await answer).toBe("first");
  });

  it("times out by the clock, after 5 seconds unless told otherwise", async () => {
    const { supervisor, clock } = createHarness();
    const deaf = supervisor.spawn({ name: "deaf", init: () => 0, handle: () => {} }, {});
    const outcomes: unknown[] = [];
    const note = (error: unknown) => void outcomes.push(error);
    void deaf.ask(() => "default").catch(note);
    void deaf.ask(() => "short", 100).catch(note);
    clock.advanceBy(99);
    await clock.flush();
    expect(outcomes).toEqual([]);
    clock.advanceBy(1);
    await clock.flush();
    expect(outcomes).toEqual([new TimeoutError("deaf-1 did not answer within 100ms")]);
    clock.advanceBy(4899);
    await clock.flush();
    expect(outcomes).toHaveLength(1);
    clock.advanceBy(1);
    await clock.flush();
    expect(outcomes[1]).toBeInstanceOf(TimeoutError);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("fails at once when the question is not taken", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn({ ...counter, maxInbox: 1 }, {});
    ref.send({ type: "increment" });
    await expect(ref.ask(getCount)).rejects.toThrow("counter-1 does not take the question: it is full");
    await ref.stop();
    await expect(ref.ask(getCount)).rejects.toThrow("counter-1 does not take the question: it is stopped");
    await expect(ref.ask(getCount)).rejects.toMatchObject({ name: "ProcessError", processId: "counter-1" });
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("fails at once when the process fails over the question", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle: () => {
          throw new Error("cannot");
        },
      },
      {},
    );
    const error: unknown = await ref.ask(() => 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProcessError);
    expect((error as Error).cause).toEqual(new Error("cannot"));
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("fails at once also when the process will be restarted; the questions behind it wait", async () => {
    const { supervisor, clock } = createHarness();
    const backoff = { initial: 50, max: 50, factor: 1 };
    const ref = supervisor.spawn(
      {
        name: "p",
        init: () => 0,
        handle(_state: number, msg: { reply?: (answer: string) => void }) {
          if (msg.reply === undefined) throw new Error("crash");
          msg.reply("answer");
        },
        supervision: { type: "one-for-one", backoff },
      },
      {},
    );
    const fatal = ref.ask(() => ({}));
    const behind = ref.ask<string>((reply) => ({ reply }));
    await expect(fatal).rejects.toThrow("p-1 failed while it handled the question");
    clock.advanceBy(50);
    expect(await behind).toBe("answer");
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("passes on what building the message throws", async () => {
    const { supervisor, clock } = createHarness();
    const ref = supervisor.spawn(counter, {});
    const broken = ref.ask(() => {
      throw new Error("cannot ask");
    });
    await expect(broken).rejects.toThrow("cannot ask");
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

describe("the mailbox", () => {
  function deafProcess(policy: "reject" | "drop-oldest" | undefined, maxInbox: number | undefined) {
    const harness = createHarness();
    const seen: number[] = [];
    const gate = createGate();
    const ref: ProcessRef<number> = harness.supervisor.spawn(
      {
        name: "p",
        init: () => gate.promise,
        handle: (_state: void, msg: number) => void seen.push(msg),
        ...(policy !== undefined && { mailboxPolicy: policy }),
        ...(maxInbox !== undefined && { maxInbox }),
      },
      {},
    );
    return { ...harness, seen, gate, ref };
  }

  it("rejects what does not fit, by default", async () => {
    const { ref, gate, clock, seen, ofType } = deafProcess(undefined, 2);
    expect([1, 2, 3].map((msg) => ref.send(msg))).toEqual([true, true, false]);
    gate.open();
    await clock.flush();
    expect(seen).toEqual([1, 2]);
    expect(ofType("process:mailbox:full")).toEqual([
      { type: "process:mailbox:full", id: "p-1", policy: "reject", size: 2 },
    ]);
    expect(ofType("process:mailbox:enqueue").map((event) => event.size)).toEqual([1, 2]);
  });

  it("holds 1024 messages by default", () => {
    const { ref } = deafProcess(undefined, undefined);
    const taken = Array.from({ length: 1025 }, (_, index) => ref.send(index));
    expect(taken.lastIndexOf(true)).toBe(1023);
  });

  it("drops the oldest when told to, and with it the question", async () => {
    const { ref, gate, clock, seen, ofType } = deafProcess("drop-oldest", 2);
    const question = ref.ask(() => 1);
    expect([2, 3, 4].map((msg) => ref.send(msg))).toEqual([true, true, true]);
    await expect(question).rejects.toThrow("overflowed");
    gate.open();
    await clock.flush();
    expect(seen).toEqual([3, 4]);
    expect(ofType("process:mailbox:full")).toHaveLength(2);
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});
