/**
 * Tests of the cache under injected faults, for Vitest (`cache-sim/vitest`). Importing it adds the matcher
 * `toSatisfyInvariants`.
 */
import { expect } from "vitest";
import { invariants } from "./check/index.ts";
import { systems } from "./systems/index.ts";
import { createSimTesting, type SatisfyOptions } from "./testing/sim-test.ts";

const { simTest, runPlan, toSatisfyInvariants } = createSimTesting({ systems, invariants });
expect.extend({ toSatisfyInvariants });

export { runPlan, simTest };
export { createSimTesting, type SimTesting, type SimTestOptions } from "./testing/sim-test.ts";

declare module "vitest" {
  interface Matchers<T> {
    /** Fails with the proof of each broken promise, and the command that replays it. */
    toSatisfyInvariants(options?: SatisfyOptions): T;
  }
}
