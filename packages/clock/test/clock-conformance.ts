/**
 * What every `Clock` owes its callers, whatever its time is made of. Runs against the system clock (real but
 * tiny waits), the controlled clock and the simulator's clock of one machine.
 *
 * A real clock fires late by some milliseconds, so nothing here expects a timer *soon*; it may only never be
 * early. `isExact` adds what holds where time moves only when told.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidArgumentError, ms, type Clock, type ClockEvent, type TimerHandle } from "@phyxius/clock";

export interface ClockHarness {
  readonly clock: Clock;
  /** Lets at least this much time pass, and everything that is due by then happen, promise callbacks too. */
  advance(durationMs: number): Promise<void>;
  /** How many timers wait, for clocks that can tell. */
  pendingTimers?(): number;
}

export interface ClockConformanceOptions {
  /** Whether timers fire exactly when due. True by default; false for a clock of real time. */
  readonly isExact?: boolean;
  /** Whether the harness hands the clock's events on to `emit`. True by default. */
  readonly hasEvents?: boolean;
}

export type MakeClockHarness = (emit: (event: ClockEvent) => void) => ClockHarness;

const NOT_DURATIONS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5];

export function describeClock(
  name: string,
  makeHarness: MakeClockHarness,
  { isExact = true, hasEvents = true }: ClockConformanceOptions = {},
): void {
  describe(`${name} is a Clock`, () => {
    let events: ClockEvent[];
    let harness: ClockHarness;
    let clock: Clock;
    let handles: TimerHandle[];

    beforeEach(() => {
      events = [];
      handles = [];
      harness = makeHarness((event) => events.push(event));
      clock = harness.clock;
    });

    afterEach(() => {
      for (const handle of handles) handle.cancel();
    });

    function every(periodMs: number, callback: () => void | Promise<void>): TimerHandle {
      const handle = clock.interval(ms(periodMs), callback);
      handles.push(handle);
      return handle;
    }

    function typesOf(prefix: string): string[] {
      return events.map((event) => event.type).filter((type) => type.startsWith(prefix));
    }

    function expectPending(count: number): void {
      if (harness.pendingTimers !== undefined) expect(harness.pendingTimers()).toBe(count);
    }

    describe("now", () => {
      it("shows both tracks as finite numbers", () => {
        const { wallMs, monoMs } = clock.now();
        expect(Number.isFinite(wallMs)).toBe(true);
        expect(Number.isFinite(monoMs)).toBe(true);
      });

      it("moves both tracks forward by the time that passes", async () => {
        const before = clock.now();
        await harness.advance(5);
        const after = clock.now();
        expect(after.monoMs - before.monoMs).toBeGreaterThanOrEqual(5);
        expect(after.wallMs).toBeGreaterThan(before.wallMs);
        if (isExact) expect(after.monoMs - before.monoMs).toBe(5);
      });

      it("never changes an instant it has given", async () => {
        const before = clock.now();
        const { wallMs, monoMs } = before;
        await harness.advance(2);
        expect(before).toEqual({ wallMs, monoMs });
      });
    });

    for (const method of ["sleep", "timeout"] as const) {
      describe(method, () => {
        it("resolves once the duration has passed on the monotonic track, not before", async () => {
          const start = clock.now().monoMs;
          let wokeAt: number | undefined;
          void clock[method](ms(10)).then(() => (wokeAt = clock.now().monoMs));
          expectPending(1);
          await harness.advance(1);
          // A real clock may have been held up for longer than that.
          if (clock.now().monoMs - start < 10) expect(wokeAt).toBeUndefined();
          await harness.advance(9);
          expect(wokeAt).toBeDefined();
          expect(wokeAt! - start).toBeGreaterThanOrEqual(10);
          if (isExact) expect(wokeAt! - start).toBe(10);
          expectPending(0);
        });

        it("resolves at once for zero or less, without an event or a timer", async () => {
          await clock[method](ms(0));
          await clock[method](ms(-10));
          expectPending(0);
          expect(events).toEqual([]);
        });

        it.each(NOT_DURATIONS)("rejects %d and starts nothing", async (duration) => {
          const fault: unknown = await clock[method](ms(duration)).catch((error: unknown) => error);
          expect(fault).toBeInstanceOf(InvalidArgumentError);
          expect(fault).toMatchObject({ argument: "duration", value: duration });
          expect(String(fault)).toContain(`duration = ${duration}`);
          expectPending(0);
          expect(events).toEqual([]);
        });
      });
    }

    it("wakes sleepers in the order of their due times", async () => {
      const woken: string[] = [];
      void clock.sleep(ms(24)).then(() => woken.push("late"));
      void clock.sleep(ms(2)).then(() => woken.push("early"));
      void clock.sleep(ms(13)).then(() => woken.push("middle"));
      await harness.advance(24);
      expect(woken).toEqual(["early", "middle", "late"]);
    });

    if (isExact) {
      it("wakes sleepers that are due together in the order in which they lay down", async () => {
        const woken: number[] = [];
        void clock.sleep(ms(7)).then(() => woken.push(0));
        await harness.advance(3);
        for (let index = 1; index <= 9; index++) {
          void clock.sleep(ms(4)).then(() => woken.push(index));
        }
        await harness.advance(4);
        expect(woken).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      });
    }

    describe("deadline", () => {
      it("resolves when the wall track reaches the target, not before", async () => {
        const targetMs = clock.now().wallMs + 12;
        let reachedAt: number | undefined;
        void clock.deadline({ wallMs: targetMs }).then(() => (reachedAt = clock.now().wallMs));
        expectPending(1);
        await harness.advance(12);
        expect(reachedAt).toBeGreaterThanOrEqual(targetMs);
        if (isExact) expect(reachedAt).toBe(targetMs);
        expectPending(0);
      });

      it("resolves at once when the target is past or present", async () => {
        await clock.deadline({ wallMs: clock.now().wallMs - 50 });
        await clock.deadline({ wallMs: clock.now().wallMs });
        expectPending(0);
      });

      it.each([Number.NaN, Number.POSITIVE_INFINITY])("rejects %d and starts nothing", async (wallMs) => {
        const fault: unknown = await clock.deadline({ wallMs }).catch((error: unknown) => error);
        expect(fault).toBeInstanceOf(InvalidArgumentError);
        expect(fault).toMatchObject({ argument: "target.wallMs", value: wallMs });
        expectPending(0);
        expect(events).toEqual([]);
      });
    });

    describe("interval", () => {
      it("calls back every period until cancelled", async () => {
        const start = clock.now().monoMs;
        const ticks: number[] = [];
        const handle = every(5, () => void ticks.push(clock.now().monoMs - start));
        expectPending(1);
        await harness.advance(30);
        // A busy machine may let a real clock skip almost all of them.
        for (let more = 0; ticks.length < 2 && more < 50; more++) await harness.advance(30);
        expect(ticks.length).toBeGreaterThan(1);
        // However late, each tick has a beat of its own: there are never more of them than beats so far.
        for (const [index, at] of ticks.entries()) expect(at).toBeGreaterThanOrEqual(5 * (index + 1));
        if (isExact) expect(ticks).toEqual([5, 10, 15, 20, 25, 30]);

        handle.cancel();
        expectPending(0);
        const count = ticks.length;
        await harness.advance(11);
        expect(ticks).toHaveLength(count);
      });

      it("stops when cancelled from inside its callback", async () => {
        let ticks = 0;
        const handle = every(3, () => {
          ticks++;
          handle.cancel();
        });
        await harness.advance(12);
        expect(ticks).toBe(1);
        expectPending(0);
      });

      it("goes on after a callback throws or rejects", async () => {
        let ticks = 0;
        every(3, () => {
          ticks++;
          if (ticks === 1) throw new Error("thrown");
          if (ticks === 2) return Promise.reject(new Error("rejected"));
          return undefined;
        });
        await harness.advance(9);
        // A real clock may have skipped beats.
        await harness.advance(9);
        await harness.advance(9);
        expect(ticks).toBeGreaterThanOrEqual(3);
        if (hasEvents) {
          const errors = events.filter((event) => event.type === "time:interval:error");
          expect(errors).toMatchObject([
            { intervalMs: 3, tick: 1, error: new Error("thrown") },
            { intervalMs: 3, tick: 2, error: new Error("rejected") },
          ]);
        }
      });

      it("may be cancelled twice", () => {
        const handle = every(3, () => {});
        handle.cancel();
        handle.cancel();
        expectPending(0);
        if (hasEvents)
          expect(typesOf("time:interval")).toEqual(["time:interval:set", "time:interval:cancel"]);
      });

      it.each([...NOT_DURATIONS, 0, -10])("throws for a period of %d and starts nothing", (period) => {
        expect(() => clock.interval(ms(period), () => {})).toThrow(InvalidArgumentError);
        expect(() => clock.interval(ms(period), () => {})).toThrow(/Interval must be positive/);
        expect(() => clock.interval(ms(period), () => {})).toThrow(`period = ${period}`);
        expectPending(0);
        expect(events).toEqual([]);
      });

      it("throws for a callback that is none", () => {
        expect(() => clock.interval(ms(1), undefined as never)).toThrow(/callback = undefined/);
        expectPending(0);
        expect(events).toEqual([]);
      });
    });

    if (hasEvents) {
      describe("events", () => {
        it("tells the start and the end of a sleep", async () => {
          const start = clock.now();
          void clock.sleep(ms(4));
          await harness.advance(4);
          expect(typesOf("time:sleep")).toEqual(["time:sleep:start", "time:sleep:end"]);
          const [begun, ended] = events.filter((event) => event.type.startsWith("time:sleep"));
          expect(begun).toMatchObject({ durationMs: 4 });
          expect(ended).toMatchObject({ durationMs: 4 });
          if (ended?.type !== "time:sleep:end") throw new Error("no end");
          expect(ended.actualMs).toBeGreaterThanOrEqual(4);
          expect(ended.at.monoMs - start.monoMs).toBeGreaterThanOrEqual(ended.actualMs);
          if (isExact) expect(ended.actualMs).toBe(4);
        });

        it("tells whether a deadline was met", async () => {
          const targetMs = clock.now().wallMs + 6;
          void clock.deadline({ wallMs: targetMs });
          await harness.advance(6);
          const [begun, ended] = events.filter((event) => event.type.startsWith("time:deadline"));
          expect(begun).toMatchObject({ type: "time:deadline:start", targetMs });
          if (ended?.type !== "time:deadline:ok" && ended?.type !== "time:deadline:err") {
            throw new Error("no end");
          }
          expect(ended.targetMs).toBe(targetMs);
          expect(ended.driftMs).toBe(ended.actualMs - targetMs);
          expect(ended.type).toBe(ended.driftMs > 0 ? "time:deadline:err" : "time:deadline:ok");
          if (isExact) expect(ended).toMatchObject({ type: "time:deadline:ok", driftMs: 0 });
        });

        it("tells that a deadline was missed before it began", async () => {
          await clock.deadline({ wallMs: clock.now().wallMs - 40 });
          expect(typesOf("time:deadline")).toEqual(["time:deadline:start", "time:deadline:err"]);
          expect(events[0]).toMatchObject({ delayMs: 0 });
          if (isExact) expect(events[1]).toMatchObject({ driftMs: 40 });
        });

        it("tells the life of an interval, and of no sleep inside it", async () => {
          const handle = every(4, () => {});
          await harness.advance(9);
          handle.cancel();
          const types = typesOf("time:interval");
          expect(types[0]).toBe("time:interval:set");
          expect(types.at(-1)).toBe("time:interval:cancel");
          const ticks = events.filter((event) => event.type === "time:interval:tick");
          expect(ticks.map((event) => event.tick)).toEqual(ticks.map((_, index) => index + 1));
          expect(events.at(-1)).toMatchObject({ intervalMs: 4, ticks: ticks.length });
          if (isExact) expect(ticks).toHaveLength(2);
          expect(typesOf("time:sleep")).toEqual([]);
        });
      });
    }
  });
}
