import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planSchema } from "../../../sim/run/plan.ts";
import type { Finding } from "../../../sim/search/findings.ts";
import { planFileName, writePlans } from "../../../sim/search/plan-files.ts";
import { planText } from "../../../sim/search/plan-text.ts";
import { toyPlan } from "../../support/toy-plan.ts";

function finding(name: string, seed: number): Finding {
  return {
    scenario: "toy",
    policy: "central",
    kind: "violation",
    name,
    shape: null,
    seedCount: 1,
    seedsRun: 1,
    seed,
    summary: "",
    violation: null,
    divergence: null,
    isExpected: false,
  };
}

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cache-sim-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("the text of a plan", () => {
  test("says exactly the plan, with one operation a line", () => {
    const plan = toyPlan({
      faults: [
        { kind: "partition", startMs: 1, endMs: 2.5, shape: "halves", left: ["n1"], right: ["n2", "n3"] },
      ],
      choices: { "net/n1>n2/delay": 0.5 },
    });
    const text = planText(plan);
    expect(planSchema.parse(JSON.parse(text))).toEqual(plan);
    const lines = text.split("\n");
    expect(lines.filter((line) => line.includes('"atMs"'))).toHaveLength(plan.operations.length);
    expect(lines.filter((line) => line.includes('"left"'))).toHaveLength(1);
    expect(lines.length).toBeLessThan(plan.operations.length + 40);
  });

  test("keeps keys that look like anything", () => {
    const plan = toyPlan({
      operations: [{ id: "c1#1", client: "c1", atMs: 0, kind: "set", key: '"}\n]\u001b[2J', value: "" }],
    });
    expect(JSON.parse(planText(plan))).toEqual(plan);
  });
});

describe("plans of findings", () => {
  test("are written whole, one file a plan, however many problems it shows", async () => {
    const target = join(folder, "a", "b");
    const findings = [finding("x", 1), finding("y", 1), finding("x", 2)];
    const { files, problem } = await writePlans(findings, target, ({ seed }) => toyPlan({ seed }));
    expect(problem).toBeNull();
    expect(files).toEqual([join(target, "toy-central-1.plan.json"), join(target, "toy-central-2.plan.json")]);
    expect(await readdir(target)).toEqual(["toy-central-1.plan.json", "toy-central-2.plan.json"]);
    expect(JSON.parse(await readFile(files[1] as string, "utf8"))).toEqual(toyPlan({ seed: 2 }));
  });

  test("are left out when not even the plan can be drawn", async () => {
    expect(await writePlans([finding("x", 1)], folder, () => null)).toEqual({ files: [], problem: null });
  });

  test("leave nothing behind where they cannot be written", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const { files, problem } = await writePlans([finding("x", 1)], file, () => toyPlan());
    expect(files).toEqual([]);
    expect(problem).toMatchObject({ code: "ENOTDIR" });
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("do not try for ever where folders cannot be made", async () => {
    const { problem } = await writePlans([finding("x", 1)], "/proc/none/such", () => toyPlan());
    expect(problem).not.toBeNull();
  });

  test("never leave their folder, whatever the policy is called", () => {
    expect(planFileName({ scenario: "s", policy: "../../my policy.ts", seed: 3 })).toBe(
      "s-..-..-my-policy.ts-3.plan.json",
    );
  });
});
