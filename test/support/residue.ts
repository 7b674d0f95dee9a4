import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { AbortedError, RunawayError } from "../../sim/kernel/kernel.ts";
import { NondeterminismError } from "../../sim/kernel/tripwire.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run, type RunOptions } from "../../sim/run/run.ts";
import type { System } from "../../sim/run/system.ts";
import { type Harness, optionsFor, planOf } from "../../sim/search/harness.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { replay } from "../../sim/trace/replay.ts";
import { loadedScenario, type Pair } from "./scenario-files.ts";

const harness: Harness = { systems: [cacheSystem], invariants };

function planFor({ scenario, policy }: Pair): Plan {
  return planOf(harness, { scenario: loadedScenario(scenario), policy }, 3);
}

const optionsOf = (plan: Plan): RunOptions => optionsFor(harness, plan);
const hashOf = async (plan: Plan): Promise<string> => (await replay(plan, optionsOf(plan))).traceHash;

/** The cache, on machines that do something else as well. */
function busyCache(everyMs: number, act: () => void): System {
  return {
    ...cacheSystem,
    boot(env, plan) {
      env.clock.interval(everyMs as never, act);
      return cacheSystem.boot(env, plan);
    },
  };
}

/** The same run, but cut off in the middle of everything. */
const cutOff: Readonly<Record<string, (plan: Plan) => Promise<unknown>>> = {
  byAnError(plan) {
    return expect(run(plan, { ...optionsOf(plan), eventsMax: 150 })).rejects.toThrow(RunawayError);
  },
  byTouchingTheRealWorld(plan) {
    const system = busyCache(5000, () => void Math.random());
    return expect(run(plan, { ...optionsOf(plan), system })).rejects.toThrow(NondeterminismError);
  },
  byWhoeverWaitsForIt(plan) {
    // With enough events for a yield to the event loop, where it is asked.
    const system = busyCache(1, () => {});
    const options = { ...optionsOf(plan), system, isAborted: () => true };
    return expect(run(plan, options)).rejects.toThrow(AbortedError);
  },
};

/** A run has the same hash whatever ran before it in the same thread, and however that ended. */
export function testNoResidue(pairs: readonly Pair[]): void {
  describe.each(pairs)("$scenario $policy", (pair) => {
    const plan = planFor(pair);
    const neighbour = planFor(pairs.at(pairs.indexOf(pair) - 1) as Pair);

    test("has the same trace hash first, and after its neighbour and runs that were cut off", async () => {
      const before = await hashOf(plan);
      await run(neighbour, optionsOf(neighbour));
      for (const cut of Object.values(cutOff)) await cut(neighbour);
      expect(await hashOf(plan)).toBe(before);
    });
  });
}
