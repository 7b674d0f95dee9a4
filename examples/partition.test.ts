/** Tests of a cache under injected faults, as they stand in a project that uses Vitest and fast-check. */
import { planArbitrary } from "cache-sim/fast-check";
import { runPlan, simTest } from "cache-sim/vitest";
import fc from "fast-check";
import { expect, test } from "vitest";

simTest("abd keeps its promises while the network is split", "partition-heal", { policy: "abd", seeds: 5 });

simTest("a majority quorum survives restarts", "crash-restart", {
  policy: "quorum(read=2,write=2)",
  seeds: { first: 100, last: 105 },
  failingPlans: "until-passed",
});

test("whatever happens to the network, no client reads a value that nobody wrote", async () => {
  const plans = planArbitrary("lossy-network", { policy: "async-primary" });
  const property = fc.asyncProperty(plans, async (plan) => {
    const outcome = await runPlan({ ...plan, invariants: ["no-thin-air"] });
    expect(outcome).toSatisfyInvariants({ isStrict: true });
  });
  await fc.assert(property, { numRuns: 5, seed: 1 });
});

test("nobody is refused for longer than two seconds after a partition", async () => {
  const property = fc.asyncProperty(planArbitrary("partition-heal"), async (plan) => {
    const { recoveryUs } = (await runPlan(plan)).statistics;
    expect(recoveryUs ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(2_000_000);
  });
  await fc.assert(property, { numRuns: 5, seed: 1 });
});
