import { afterEach, describe, expect, test } from "vitest";
import { createTripwire, NondeterminismError } from "../../../sim/kernel/tripwire.ts";

const touches: Readonly<Record<string, () => unknown>> = {
  "Date.now": () => Date.now(),
  "new Date": () => new Date(),
  Date: () => Date(),
  "Math.random": () => Math.random(),
  "performance.now": () => performance.now(),
  "crypto.randomUUID": () => crypto.randomUUID(),
  "crypto.getRandomValues": () => crypto.getRandomValues(new Uint8Array(4)),
  setTimeout: () => setTimeout(() => {}, 0),
  setInterval: () => setInterval(() => {}, 1),
  setImmediate: () => setImmediate(() => {}),
  "process.nextTick": () => process.nextTick(() => {}),
  "process.hrtime": () => process.hrtime(),
  "process.hrtime.bigint": () => process.hrtime.bigint(),
  "process.uptime": () => process.uptime(),
};

describe("the tripwire", () => {
  const tripwire = createTripwire(() => "n2");
  afterEach(() => tripwire.release());

  test.each(Object.keys(touches))("catches %s and names its place", (name) => {
    const before = tripwire.leaks.length;
    tripwire.engage();
    let caught: unknown;
    try {
      (touches[name] as () => unknown)();
    } catch (error) {
      caught = error;
    }
    tripwire.release();
    expect(caught).toBeInstanceOf(NondeterminismError);
    expect(tripwire.leaks.length).toBe(before + 1);
    const leak = tripwire.leaks.at(-1);
    expect(leak?.where).toMatch(/tripwire\.test\.ts:\d+:\d+$/);
    expect(leak?.machine).toBe("n2");
  });

  test("puts everything back, also what others had put there", () => {
    const realNow = Date.now;
    const stub = () => 4;
    Math.random = stub;
    try {
      tripwire.engage();
      tripwire.engage();
      tripwire.release();
      tripwire.release();
      expect(Math.random).toBe(stub);
      expect(Date.now).toBe(realNow);
      expect(new Date(0).getTime()).toBe(0);
      expect(performance.now()).toBeGreaterThan(0);
      expect(crypto.randomUUID()).toHaveLength(36);
    } finally {
      Math.random = realRandom;
    }
  });
});

const realRandom = Math.random;
