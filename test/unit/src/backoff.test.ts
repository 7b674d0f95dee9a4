import { createControlledClock } from "@phyxius/clock";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCache, createInMemoryNetwork } from "../../../src/index.ts";
import { Backoff } from "../../../src/operations/backoff.ts";

fc.configureGlobal({ seed: 20_251_122 });

/** When it does its work within ten seconds, in milliseconds. */
function timesOf(firstMs: number, maxMs: number, random: () => number): number[] {
  const clock = createControlledClock(0);
  const times: number[] = [];
  const backoff = new Backoff({ clock, firstMs, maxMs, random }, () => times.push(clock.now().monoMs));
  for (let passedMs = 0; passedMs < 10_000; passedMs++) clock.advanceBy(1);
  backoff.cancel();
  clock.advanceBy(10_000);
  expect(clock.getPendingTimerCount()).toBe(0);
  return times;
}

describe("a backoff", () => {
  test("waits as long as asked at first, then twice as long each time, up to its bound, at most by half less", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 500 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.array(share, { minLength: 1, maxLength: 9 }),
        (firstMs, maxMs, shares) => {
          let drawn = 0;
          const times = timesOf(firstMs, maxMs, () => shares[drawn++ % shares.length] as number);
          expect(times[0]).toBe(firstMs);
          const bound = Math.max(firstMs, maxMs);
          let fullMs = firstMs;
          for (let each = 1; each < times.length; each++) {
            fullMs = Math.min(2 * fullMs, bound);
            const waitMs = (times[each] as number) - (times[each - 1] as number);
            expect(waitMs).toBeLessThanOrEqual(fullMs);
            expect(waitMs).toBeGreaterThanOrEqual(fullMs / 2);
          }
          expect(times.at(-1)).toBeGreaterThan(10_000 - bound - 1);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("begins anew for something new that is waited for", () => {
    const clock = createControlledClock(0);
    const times: number[] = [];
    const backoff = new Backoff({ clock, firstMs: 100, maxMs: 400, random: () => 0 }, () =>
      times.push(clock.now().monoMs),
    );
    clock.advanceBy(50);
    backoff.startAnew();
    for (let passedMs = 50; passedMs < 350; passedMs++) clock.advanceBy(1);
    backoff.startAnew();
    for (let passedMs = 350; passedMs < 1000; passedMs++) clock.advanceBy(1);
    backoff.cancel();
    expect(times).toEqual([100, 300, 450, 650]);
  });
});

test("an operation that is cut off asks each silent replica four to six times before its deadline, not ten", async () => {
  const clock = createControlledClock(0);
  const nodes = ["n1", "n2", "n3"];
  const network = createInMemoryNetwork({ nodes });
  const transport = network.join("n1");
  let sent = 0;
  const counting = {
    ...transport,
    send(to: string, frame: Uint8Array) {
      if (to === "n2") sent++;
      transport.send(to, frame);
    },
  };
  const timing = { healthMs: 1_000_000, repairMs: 1_000_000 };
  const cache = createCache({ transport: counting, clock, timing });
  const reading = cache.lookup("k");
  for (let passedMs = 0; passedMs < 1000; passedMs += 10) {
    clock.advanceBy(10);
    await clock.flush();
  }
  expect((await reading).status).toBe("unavailable");
  expect(sent).toBeGreaterThanOrEqual(4);
  expect(sent).toBeLessThanOrEqual(6);
  await cache.stop();
});
