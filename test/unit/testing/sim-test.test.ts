import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { readPlan } from "../../../sim/run/load/load-file.ts";
import { namesOf, planOf } from "../../../sim/search/harness.ts";
import { planText } from "../../../sim/search/plan-text.ts";
import { systems } from "../../../sim/systems/index.ts";
import { checkScenario } from "../../../sim/testing/check-scenario.ts";
import { keptFolder } from "../../../sim/testing/kept-plans.ts";
import { createSimTesting } from "../../../sim/testing/sim-test.ts";
import { loadedScenario } from "../../support/scenario-files.ts";
import "../../../sim/vitest.ts";

const harness = { systems, invariants };
const root = mkdtempSync(join(tmpdir(), "sim-test-"));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "kept-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const calm = loadedScenario("calm");
/** Two clients that write at once are told apart by nobody under the policy seed, so that every seed fails. */
const broken = { policy: "seed", isStrict: true, seeds: { first: 1, last: 3 } } as const;

function files(): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe("a scenario with many seeds", () => {
  test("passes when no seed breaks a promise, and leaves nothing behind", async () => {
    expect(await checkScenario(harness, folder, "calm", { policy: "abd", seeds: 2 })).toBeNull();
    // It breaks what it does not promise.
    expect(await checkScenario(harness, folder, calm, { ...broken, isStrict: false })).toBeNull();
    expect(files()).toEqual([]);
  });

  test("fails with the proof and the command that replays it, whose plan it keeps", async () => {
    const failure = await checkScenario(harness, folder, "partition-heal", broken);
    expect(failure).toContain("partition-heal with seed 1 breaks");
    expect(failure).toContain("UNEXPECTED");
    expect(failure).toMatch(/npx cache-sim replay \S+seed-1\.plan\.json$/);
    expect(files()).toEqual(["seed-1.plan.json"]);
    const kept = readPlan(join(folder, "seed-1.plan.json"), namesOf(harness));
    expect(kept).toMatchObject({ ok: true, value: { scenario: "partition-heal", policy: "seed", seed: 1 } });
  });

  test("takes a recorded trace from beside the scenario's file, or says why not", async () => {
    const file = join(root, "recorded.yaml");
    const workload = "{ clients: 2, operations: 5, trace: { file: r.csv, columns: { key: 1 } } }";
    writeFileSync(file, `name: recorded\nstory: Why.\nworkload: ${workload}\n`);
    const options = { policy: "abd", seeds: 1 } as const;
    await expect(checkScenario(harness, folder, file, options)).rejects.toThrow("r.csv: no such file");
    writeFileSync(join(root, "r.csv"), Array.from({ length: 20 }, (_, i) => `k${i % 3}`).join("\n"));
    expect(await checkScenario(harness, folder, file, options)).toBeNull();
  });

  test("runs the plans that failed before first", async () => {
    await checkScenario(harness, folder, "partition-heal", broken);
    const again = await checkScenario(harness, folder, "calm", { policy: "abd", isStrict: true, seeds: 1 });
    expect(again).toContain("partition-heal with seed 1 breaks");
  });

  test("keeps a plan that passes now, or removes it, as it is told", async () => {
    const passing = planOf(harness, { scenario: calm, policy: "abd" }, 9);
    writeFileSync(join(folder, "mended.plan.json"), planText(passing));
    const options = { policy: "abd", seeds: 1 } as const;
    expect(await checkScenario(harness, folder, calm, options)).toBeNull();
    expect(files()).toEqual(["mended.plan.json"]);
    expect(
      await checkScenario(harness, folder, calm, { ...options, failingPlans: "until-passed" }),
    ).toBeNull();
    expect(files()).toEqual([]);
  });

  test("keeps and runs nothing when it must not", async () => {
    const never = { ...broken, failingPlans: "never" } as const;
    const failure = await checkScenario(harness, folder, "partition-heal", never);
    expect(failure).toContain("breaks");
    expect(failure).not.toContain("replay");
    expect(files()).toEqual([]);
    writeFileSync(join(folder, "broken.plan.json"), "not a plan");
    expect(
      await checkScenario(harness, folder, calm, { policy: "abd", seeds: 1, failingPlans: "never" }),
    ).toBeNull();
  });

  test.each([
    ["a scenario that is not there", "no-such", { policy: "abd" }, /scenarios\/no-such\.yaml: no such file/],
    ["a policy that nobody has", "calm", { policy: "paxos" }, /no policy is called "paxos"/],
    ["seeds that are none", "calm", { policy: "abd", seeds: 0 }, /seeds: expected how many.* got 1\.\.0/],
    ["seeds that are no numbers", "calm", { policy: "abd", seeds: Number.NaN }, /seeds: expected how many/],
  ] as const)("refuses %s", async (_, scenario, options, message) => {
    await expect(checkScenario(harness, folder, scenario, options)).rejects.toThrow(message);
  });

  test("names the line of a kept plan that can no longer be read", async () => {
    writeFileSync(join(folder, "old.plan.json"), '{\n  "format": "cache-sim/plan",\n  "version": 99\n}\n');
    await expect(checkScenario(harness, folder, calm, { policy: "abd" })).rejects.toThrow(
      /old\.plan\.json:3:14 version: expected 1, got 99/,
    );
  });
});

describe("expect(outcome).toSatisfyInvariants()", () => {
  const { runPlan, toSatisfyInvariants } = createSimTesting(harness);
  const broken = () =>
    runPlan(planOf(harness, { scenario: loadedScenario("partition-heal"), policy: "seed" }, 1));

  test("passes when every promise is kept", async () => {
    expect(await runPlan(planOf(harness, { scenario: calm, policy: "abd" }, 1))).toSatisfyInvariants();
    expect(await broken()).toSatisfyInvariants();
  });

  test("fails with the proof and the command that replays it", async (context) => {
    const here = keptFolder(context.task.file.filepath, expect.getState().currentTestName ?? "");
    try {
      const { pass, message } = toSatisfyInvariants(await broken(), { isStrict: true });
      expect(pass).toBe(false);
      expect(message()).toMatch(/linearizable, key k\d {2}UNEXPECTED/);
      expect(message()).toMatch(/npx cache-sim replay \S+\/latest\.plan\.json$/);
      expect(readdirSync(here)).toEqual(["latest.plan.json"]);
    } finally {
      rmSync(join(here, ".."), { recursive: true, force: true });
    }
  });

  test("keeps nothing when it must not, and says how when it was expected to fail", async () => {
    const outcome = await broken();
    const { message } = toSatisfyInvariants(outcome, { isStrict: true, isKept: false });
    expect(message()).not.toContain("replay");
    expect(() => expect(outcome).not.toSatisfyInvariants()).toThrow(
      "keeps what seed promises, and was expected not to",
    );
  });
});
