import { createControlledClock } from "@phyxius/clock";
import { describe, expect, it } from "vitest";
import { createSupervisor } from "../src/index.ts";

describe("createSupervisor", () => {
  it("runs a handler as a method of what it is given", async () => {
    const clock = createControlledClock(0);
    const supervisor = createSupervisor({ clock });
    const cleaner = {
      cleaned: 0,
      async handle(message: { type: string }) {
        if (message.type === "clean") await this.clean();
      },
      async clean() {
        this.cleaned++;
      },
    };
    // A caller may await both, although neither is a promise.
    const ref = await Promise.resolve(supervisor.spawn(cleaner));
    expect(ref.send({ type: "clean" })).toBe(true);
    expect("then" in ref).toBe(false);
    await clock.flush();
    expect(cleaner.cleaned).toBe(1);
    expect(ref.name).toBe("process");
  });

  it("leaves the this of an arrow function alone", async () => {
    class Owner {
      readonly seen: string[] = [];
      readonly ref = createSupervisor({ clock: createControlledClock(0) }).spawn({
        name: "arrow",
        handle: (message: string) => void this.seen.push(message),
      });
    }
    const owner = new Owner();
    owner.ref.send("hello");
    await Promise.resolve();
    await Promise.resolve();
    expect(owner.seen).toEqual(["hello"]);
  });

  it("takes a class with init, handle and onStop, and hands it tools", async () => {
    const clock = createControlledClock(0);
    const steps: string[] = [];
    class Behavior {
      private count = 0;
      init() {
        steps.push(`init ${this.count}`);
      }
      handle(message: { by: number }) {
        this.count += message.by;
        steps.push(`handle ${this.count}`);
      }
      onStop() {
        steps.push(`stop ${this.count}`);
      }
    }
    const ref = createSupervisor({ clock }).spawn(new Behavior());
    ref.send({ by: 2 });
    ref.send({ by: 3 });
    await clock.flush();
    await ref.stop();
    expect(steps).toEqual(["init 0", "handle 2", "handle 5", "stop 5"]);
  });

  it("restarts what fails, with growing waits", async () => {
    const clock = createControlledClock(0);
    const events: { type: string }[] = [];
    const supervisor = createSupervisor({ clock, emit: (event) => events.push(event) });
    const seen: string[] = [];
    const ref = supervisor.spawn({
      handle(message: string) {
        if (message === "crash") throw new Error("crash");
        seen.push(message);
      },
    });
    ref.send("crash");
    ref.send("after");
    await clock.flush();
    expect([ref.status(), seen]).toEqual(["failed", []]);
    clock.advanceBy(100);
    await clock.flush();
    expect([ref.status(), seen]).toEqual(["running", ["after"]]);
    expect(events).toContainEqual({ type: "supervisor:restart", id: "process-1", attempt: 1, delayMs: 100 });
    await supervisor.stop();
    expect(ref.status()).toBe("stopped");
  });

  it("does not restart what says so", async () => {
    const clock = createControlledClock(0);
    const ref = createSupervisor({ clock }).spawn({
      handle() {
        throw new Error("crash");
      },
      supervision: { type: "none" },
    });
    ref.send(1);
    await clock.flush();
    expect([ref.status(), clock.getPendingTimerCount()]).toEqual(["failed", 0]);
  });

  it("also takes a full specification", async () => {
    const clock = createControlledClock(0);
    const ref = createSupervisor({ clock }).spawn(
      {
        name: "sum",
        init: (ctx: { start: number }) => ctx.start,
        handle: (sum: number, msg: { add?: number; reply?: (sum: number) => void }) => {
          msg.reply?.(sum);
          return sum + (msg.add ?? 0);
        },
      },
      { start: 10 },
    );
    ref.send({ add: 5 });
    expect(await ref.ask<number>((reply) => ({ reply }))).toBe(15);
  });

  it("makes a system clock only when it needs the time", async () => {
    const supervisor = createSupervisor();
    const ref = supervisor.spawn({ handle: (message: { reply: (n: number) => void }) => message.reply(1) });
    expect(await ref.ask<number>((reply) => ({ reply }))).toBe(1);
    await supervisor.stop();
  });
});
