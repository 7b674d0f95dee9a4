import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHybridClock } from "../../../src/replication/hybrid-clock.ts";

/** A clock whose wall a test sets by hand. */
function clockAt(wallMs: number, aheadMsMax = 500) {
  const wall = { ms: wallMs };
  return { wall, clock: createHybridClock({ nowMs: () => wall.ms, aheadMsMax }) };
}

describe("a hybrid clock", () => {
  test("follows the wall, and counts when it stands still", () => {
    const { wall, clock } = clockAt(1000);
    expect([clock.next(), clock.next()]).toEqual([1_024_000, 1_024_001]);
    wall.ms = 1001;
    expect(clock.next()).toBe(1_025_024);
  });

  test("never goes back with the wall", () => {
    const { wall, clock } = clockAt(5000);
    const before = clock.next();
    wall.ms = 10;
    expect(clock.next()).toBe(before + 1);
  });

  test("comes after what it has seen", () => {
    const fast = clockAt(5400).clock.next();
    const { clock } = clockAt(5000);
    expect(clock.observe(fast)).toBe(true);
    expect(clock.next()).toBe(fast + 1);
  });

  test.each([
    { aheadMs: 500, isTaken: true },
    { aheadMs: 501, isTaken: false },
  ])("of a stamp $aheadMs ms ahead, allowed 500, taken over: $isTaken", ({ aheadMs, isTaken }) => {
    const stamp = clockAt(5000 + aheadMs).clock.next();
    const { clock } = clockAt(5000);
    expect(clock.observe(stamp)).toBe(isTaken);
    expect(clock.next() > stamp).toBe(isTaken);
  });

  test("more than a millisecond's worth of stamps at once stays in order, and the wall overtakes it again", () => {
    const { wall, clock } = clockAt(1000);
    let last = clock.next();
    for (let count = 0; count < 3000; count++) {
      const next = clock.next();
      expect(next).toBeGreaterThan(last);
      last = next;
    }
    wall.ms = 1010;
    expect(clock.next()).toBe(1010 * 1024);
  });

  test("what was caused by another has the higher stamp, however wrong clocks are within the band", () => {
    const step = fc.record({
      from: fc.nat(2),
      to: fc.nat(2),
      passedMs: fc.nat(3),
      error: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let trueMs = 10_000;
        const errors = [0, 0, 0];
        const clocks = errors.map((_, node) =>
          createHybridClock({ nowMs: () => trueMs + (errors[node] as number), aheadMsMax: 100 }),
        );
        for (const { from, to, passedMs, error } of steps) {
          trueMs += passedMs;
          errors[from] = error;
          const sent = clocks[from]?.next() as number;
          expect(clocks[to]?.observe(sent)).toBe(true);
          expect(clocks[to]?.next()).toBeGreaterThan(sent);
          // A stamp tells the time: it is behind by no more than the clock that made it may be.
          expect(Math.floor(sent / 1024)).toBeLessThanOrEqual(trueMs + 101);
        }
      }),
    );
  });
});
