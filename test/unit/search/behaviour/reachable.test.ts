import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { invariants } from "../../../../sim/check/index.ts";
import { renderCoverage } from "../../../../sim/report/campaign/coverage.ts";
import { plainStyle } from "../../../../sim/report/style.ts";
import { loadScenario } from "../../../../sim/run/load/load-scenario.ts";
import { run } from "../../../../sim/run/run.ts";
import { findPolicy, type Harness, namesOf, planOf } from "../../../../sim/search/harness.ts";
import { reachableIn } from "../../../../sim/search/reachable.ts";
import { mergeTallies, tallyOutcome } from "../../../../sim/search/tally.ts";
import { cacheSystem } from "../../../../sim/systems/cache.ts";

const harness: Harness = { systems: [cacheSystem], invariants: [] };

function jobOf(file: string, policy: string) {
  const text = readFileSync(join(import.meta.dirname, "../../../../scenarios", file), "utf8");
  const loaded = loadScenario(text, file, namesOf({ ...harness, invariants }));
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join());
  return { scenario: { ...loaded.value, invariants: [] }, policy };
}

function reachableOf(file: string, policy: string): string[] {
  const found = findPolicy(harness.systems, policy);
  if (found === undefined) throw new Error(policy);
  return reachableIn(jobOf(file, policy), found);
}

/** Names that a policy was not declared to come to would be missing from what a campaign should have seen. */
test.each(["seed", "abd", "quorum", "async-primary"])("all that %s comes to is declared", async (policy) => {
  for (const file of ["worst-moment.yaml", "ttl-expiry.yaml", "replace-dead-node.yaml"]) {
    const job = jobOf(file, policy);
    const plan = planOf(harness, job, 3);
    const { behaviour } = await run(plan, { system: cacheSystem, invariants: [] });
    const hooks = behaviour.features.filter((feature) => /^(probe|detour|crash point)\//.test(feature));
    expect(reachableOf(file, policy)).toEqual(expect.arrayContaining(hooks));
  }
});

test("probes of other policies, and those for which the scenario has nothing, are not missed", () => {
  const abd = reachableOf("partition-heal.yaml", "abd");
  expect(abd).toContain("probe/answers-differ");
  expect(abd).not.toContain("probe/hint-kept");
  expect(abd).not.toContain("probe/read-again");
  expect(abd).not.toContain("probe/hedged");
  expect(reachableOf("ttl-expiry.yaml", "abd")).toContain("probe/read-again");
  expect(reachableOf("partition-heal.yaml", "abd(hedge=95)")).toContain("probe/hedged");
  expect(reachableOf("partition-heal.yaml", "quorum")).toContain("probe/hint-kept");
  expect(reachableOf("add-node.yaml", "abd")).toContain("probe/moved-on");
  expect(reachableOf("partition-heal.yaml", "seed").filter((name) => name.startsWith("probe/"))).toEqual([]);
});

test("what was never met is told by name, and what was met is counted", async () => {
  const job = jobOf("partition-heal.yaml", "abd");
  const seeds = { first: 1, last: 2 };
  const outcomes = [];
  for (const seed of [1, 2]) {
    outcomes.push(await run(planOf(harness, job, seed), { system: cacheSystem, invariants: [] }));
  }
  const tally = outcomes.map((outcome, index) => tallyOutcome(index + 1, outcome)).reduce(mergeTallies);
  const row = {
    scenario: job.scenario.name,
    policy: "abd",
    replication: 3,
    tally,
    isComplete: true,
    file: "partition-heal.yaml",
    mustHold: [],
    reachable: [...reachableOf("partition-heal.yaml", "abd"), "probe/never-in-the-world"].sort(),
  };
  const lines = renderCoverage([row], seeds, { width: 200, style: plainStyle });
  expect(lines.join("\n")).toMatch(/Never under abd: .*never-in-the-world/);
  expect(lines.find((line) => line.startsWith("  abd"))).toMatch(/1 of 1 .* \d+ of \d+/);
});
