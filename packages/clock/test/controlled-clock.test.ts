import { describe, expect, it } from "vitest";
import { createControlledClock, InvalidArgumentError, ms, type ClockEvent } from "@phyxius/clock";
import { withoutRealWorld } from "./forbid-real-world.ts";

function recording(initialTime = 0) {
  const events: ClockEvent[] = [];
  const clock = createControlledClock({ initialTime, emit: (event) => events.push(event) });
  return { clock, events };
}

describe("creating a controlled clock", () => {
  it("starts both tracks at 0, or where it is told, by option or by number", () => {
    expect(createControlledClock().now()).toEqual({ wallMs: 0, monoMs: 0 });
    expect(createControlledClock({}).now()).toEqual({ wallMs: 0, monoMs: 0 });
    expect(createControlledClock({ initialTime: 1_000 }).now()).toEqual({ wallMs: 1_000, monoMs: 1_000 });
    expect(createControlledClock(5).now()).toEqual({ wallMs: 5, monoMs: 5 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses to start at %d", (initialTime) => {
    expect(() => createControlledClock(initialTime)).toThrow(`initialTime = ${initialTime}`);
    expect(() => createControlledClock({ initialTime })).toThrow(`options.initialTime = ${initialTime}`);
  });
});

it("refuses options that are none", () => {
  expect(() => createControlledClock("5" as never)).toThrow('options = "5"');
  expect(() => createControlledClock(null as never)).toThrow("options = null");
  expect(() => createControlledClock({ emit: true as never })).toThrow("options.emit = true");
});

describe("advancing", () => {
  it("fires synchronously, each timer at its own due time", () => {
    const clock = createControlledClock();
    const seen: number[] = [];
    clock.interval(ms(40), () => void seen.push(clock.now().monoMs));
    clock.interval(ms(100), () => void seen.push(clock.now().monoMs));
    clock.advanceBy(130);
    expect(seen).toEqual([40, 80, 100, 120]);
    expect(clock.now()).toEqual({ wallMs: 130, monoMs: 130 });
  });

  it("gives an interval the place of its registration among timers that are due together", () => {
    const { clock, events } = recording();
    clock.interval(ms(10), () => {});
    void clock.sleep(ms(20));
    clock.interval(ms(20), () => {});
    clock.advanceTo(20);
    expect(events.slice(-4)).toMatchObject([
      { type: "time:interval:tick", intervalMs: 10, tick: 1, at: { monoMs: 10 } },
      { type: "time:interval:tick", intervalMs: 10, tick: 2, at: { monoMs: 20 } },
      { type: "time:sleep:end", at: { monoMs: 20 } },
      { type: "time:interval:tick", intervalMs: 20, tick: 1, at: { monoMs: 20 } },
    ]);
  });

  it("orders a deadline and a sleep that are due together by registration, whichever came first", () => {
    for (const deadlineFirst of [true, false]) {
      const { clock, events } = recording(100);
      clock.jumpWallTime(5_000);
      if (deadlineFirst) void clock.deadline({ wallMs: 5_010 });
      void clock.sleep(ms(10));
      if (!deadlineFirst) void clock.deadline({ wallMs: 5_010 });
      clock.advanceBy(10);
      const ends = events.map((event) => event.type).filter((type) => /:end|:ok/.test(type));
      const inOrder = ["time:deadline:ok", "time:sleep:end"];
      expect(ends).toEqual(deadlineFirst ? inOrder : inOrder.reverse());
    }
  });

  it("catches up every tick, also while an asynchronous callback is unfinished", () => {
    const clock = createControlledClock();
    let ticks = 0;
    clock.interval(ms(1), () => {
      ticks++;
      return new Promise<void>(() => {});
    });
    clock.advanceBy(1_000);
    expect(ticks).toBe(1_000);
  });

  it("does not drift over a million ticks, from a fractional start either", () => {
    for (const initialTime of [0, 0.1]) {
      const clock = createControlledClock(initialTime);
      let ticks = 0;
      let lastMs = 0;
      clock.interval(ms(3), () => {
        ticks++;
        lastMs = clock.now().monoMs;
      });
      clock.advanceBy(3_000_000);
      expect(ticks).toBe(1_000_000);
      expect(lastMs).toBe(initialTime + 3_000_000);
    }
  });

  it("fires what a callback starts if it is due before the end", () => {
    const clock = createControlledClock();
    const seen: string[] = [];
    const outer = clock.interval(ms(10), () => {
      outer.cancel();
      const inner = clock.interval(ms(5), () => {
        inner.cancel();
        seen.push(`inner at ${clock.now().monoMs}`);
      });
      seen.push(`outer at ${clock.now().monoMs}`);
    });
    clock.advanceBy(20);
    expect(seen).toEqual(["outer at 10", "inner at 15"]);
    expect(clock.getPendingTimerCount()).toBe(0);
  });

  it("may itself be called by a callback, and never goes back", () => {
    const clock = createControlledClock();
    const seen: string[] = [];
    const first = clock.interval(ms(10), () => {
      first.cancel();
      clock.advanceBy(100);
      seen.push(`first done at ${clock.now().monoMs}`);
    });
    const second = clock.interval(ms(20), () => {
      second.cancel();
      seen.push(`second at ${clock.now().monoMs}`);
    });
    clock.advanceBy(50);
    expect(seen).toEqual(["second at 20", "first done at 110"]);
    expect(clock.now().monoMs).toBe(110);
  });

  it("never goes back with advanceTo, and accepts the present", () => {
    const { clock, events } = recording(100);
    clock.advanceTo(90);
    clock.advanceTo(100);
    clock.advanceBy(0);
    expect(clock.now()).toEqual({ wallMs: 100, monoMs: 100 });
    expect(events).toEqual([]);
  });

  it("tells of itself before the timers of the stretch", () => {
    const { clock, events } = recording(7);
    void clock.sleep(ms(3));
    clock.advance(5);
    expect(events.slice(1)).toMatchObject([
      { type: "time:advance", byMs: 5, fromMono: 7, toMono: 12 },
      { type: "time:sleep:end", at: { monoMs: 10, wallMs: 10 } },
    ]);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses to advance by %d", (duration) => {
    const clock = createControlledClock(3);
    void clock.sleep(ms(1));
    for (const advance of [(by: number) => clock.advanceBy(by), (by: number) => clock.advance(by)]) {
      expect(() => advance(duration)).toThrow(InvalidArgumentError);
      expect(() => advance(duration)).toThrow(`duration = ${duration}`);
    }
    expect(() => clock.advanceTo(Number.NaN)).toThrow("monoMs = NaN");
    expect(() => clock.jumpWallTime(Number.NEGATIVE_INFINITY)).toThrow("wallMs = -Infinity");
    expect(clock.now()).toEqual({ wallMs: 3, monoMs: 3 });
    expect(clock.getPendingTimerCount()).toBe(1);
  });

  it("keeps its timers when an emit hook throws", async () => {
    let isBroken = true;
    const clock = createControlledClock({
      emit(event) {
        if (isBroken && event.type === "time:sleep:end") throw new Error("hook");
      },
    });
    let woken = 0;
    void clock.sleep(ms(1)).then(() => woken++);
    void clock.sleep(ms(2)).then(() => woken++);
    expect(() => clock.advanceBy(5)).toThrow("hook");
    expect(clock.now().monoMs).toBe(1);
    isBroken = false;
    clock.advanceBy(5);
    await clock.flush();
    expect(woken).toBe(2);
  });
});

describe("tick", () => {
  it("goes to the next due time and fires all that is due then", async () => {
    const clock = createControlledClock();
    const woken: string[] = [];
    void clock.sleep(ms(100)).then(() => woken.push("a"));
    void clock.sleep(ms(200)).then(() => woken.push("c"));
    void clock.deadline({ wallMs: 100 }).then(() => woken.push("b"));
    clock.tick();
    await clock.flush();
    expect(clock.now().monoMs).toBe(100);
    expect(woken).toEqual(["a", "b"]);
    clock.tick();
    expect(clock.now().monoMs).toBe(200);
    clock.tick();
    expect(clock.now().monoMs).toBe(200);
  });
});

describe("a wall jump", () => {
  it("leaves the monotonic track and what waits on it alone, in both directions", () => {
    const clock = createControlledClock(1_000);
    const ticks: number[] = [];
    clock.interval(ms(10), () => void ticks.push(clock.now().monoMs));
    clock.advanceBy(5);
    clock.jumpWallTime(50_000);
    expect(clock.now()).toEqual({ wallMs: 50_000, monoMs: 1_005 });
    clock.advanceBy(10);
    clock.jumpWallTime(-7);
    clock.advanceBy(10);
    expect(clock.now()).toEqual({ wallMs: 3, monoMs: 1_025 });
    expect(ticks).toEqual([1_010, 1_020]);
  });

  it("makes deadlines due that it passes, in the order of their targets, and counts them late", () => {
    const { clock, events } = recording();
    void clock.deadline({ wallMs: 300 });
    void clock.deadline({ wallMs: 200 });
    void clock.deadline({ wallMs: 500 });
    void clock.deadline({ wallMs: 501 });
    clock.jumpWallTime(500);
    expect(events.slice(5)).toMatchObject([
      { type: "time:deadline:err", targetMs: 200, actualMs: 500, driftMs: 300 },
      { type: "time:deadline:err", targetMs: 300, actualMs: 500, driftMs: 200 },
      { type: "time:deadline:ok", targetMs: 500, actualMs: 500, driftMs: 0 },
    ]);
    expect(events).toHaveLength(8);
    expect(clock.getPendingTimerCount()).toBe(1);
  });

  it("backwards postpones a deadline by as much", async () => {
    const clock = createControlledClock(1_000);
    let isReached = false;
    void clock.deadline({ wallMs: 1_010 }).then(() => (isReached = true));
    clock.jumpWallTime(900);
    clock.advanceBy(109);
    await clock.flush();
    expect(isReached).toBe(false);
    clock.advanceBy(1);
    await clock.flush();
    expect(isReached).toBe(true);
    expect(clock.now()).toEqual({ wallMs: 1_010, monoMs: 1_110 });
  });

  it("from inside a callback counts at once for the rest of the advance", () => {
    const { clock, events } = recording();
    void clock.deadline({ wallMs: 30 });
    const handle = clock.interval(ms(10), () => {
      handle.cancel();
      clock.jumpWallTime(5);
    });
    clock.advanceBy(100);
    expect(events.at(-1)).toMatchObject({ type: "time:deadline:ok", at: { monoMs: 35, wallMs: 30 } });
  });
});

describe("flush", () => {
  it("waits for chains of any length", async () => {
    const clock = createControlledClock();
    let links = 0;
    void (async () => {
      await clock.sleep(ms(1));
      for (; links < 10_000; links++) await Promise.resolve();
    })();
    clock.advanceBy(1);
    await clock.flush();
    expect(links).toBe(10_000);
  });

  it("is as exact when asked for from plain code, a promise job, a tick or a timer", async () => {
    async function longChain(done: () => void): Promise<void> {
      for (let link = 0; link < 200; link++) await Promise.resolve();
      done();
    }
    const clock = createControlledClock();
    const from: Record<string, (callback: () => void) => unknown> = {
      plainCode: (callback) => callback(),
      promiseJob: (callback) => Promise.resolve().then(callback),
      tick: (callback) => process.nextTick(callback),
      immediate: (callback) => setImmediate(callback),
      timer: (callback) => setTimeout(callback, 1),
    };
    for (const [where, ask] of Object.entries(from)) {
      const isExact = await new Promise<boolean>((resolve) => {
        ask(() => {
          let isDone = false;
          void longChain(() => (isDone = true));
          void clock.flush().then(() => resolve(isDone));
        });
      });
      expect(isExact, where).toBe(true);
    }
  });
});

describe("a hundred thousand pending timers", () => {
  it("cost no more than a logarithm a fired timer, and nothing once cancelled", () => {
    const clock = createControlledClock();
    const handles = Array.from({ length: 100_000 }, (_, index) =>
      clock.interval(ms(1_000_000 + index), () => {}),
    );
    let ticks = 0;
    handles.push(clock.interval(ms(1), () => void ticks++));
    // A scan of all timers for each fired one would be 10^10 steps: minutes, not the blink this takes.
    clock.advanceBy(100_000);
    expect(ticks).toBe(100_000);
    for (const handle of handles) handle.cancel();
    expect(clock.getPendingTimerCount()).toBe(0);
  });
});

it("works where real time and randomness are forbidden", async () => {
  await withoutRealWorld(async () => {
    const { clock } = recording();
    const woken: string[] = [];
    void clock.sleep(ms(2)).then(() => woken.push("sleep"));
    void clock.deadline({ wallMs: 3 }).then(() => woken.push("deadline"));
    const handle = clock.interval(ms(1), () => {});
    clock.advanceBy(3);
    handle.cancel();
    await clock.flush();
    expect(woken).toEqual(["sleep", "deadline"]);
  });
});
