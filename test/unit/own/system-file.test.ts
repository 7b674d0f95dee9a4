import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import type { Figure } from "../../../sim/check/measures/figure.ts";
import { measureByName } from "../../../sim/check/measures/index.ts";
import { estimate, type Measure } from "../../../sim/check/measures/measure.ts";
import { systemSkeleton } from "../../../sim/cli/commands/system-skeleton.ts";
import { policyPath } from "../../../sim/cli/user-policies.ts";
import { readScenario } from "../../../sim/run/load/load-file.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { run } from "../../../sim/run/run.ts";
import { namesOf, optionsFor, planOf, withPolicyFiles } from "../../../sim/search/harness.ts";
import { planText } from "../../../sim/search/plan-text.ts";
import { runCell } from "../../../sim/study/cell.ts";
import { systems } from "../../../sim/systems/index.ts";
import { loadedScenario } from "../../support/scenario-files.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
mkdirSync(join(root, "reports"), { recursive: true });
const folder = mkdtempSync(join(root, "reports", "systems-"));
afterAll(() => rmSync(folder, { recursive: true }));

const harness = { systems, invariants };
const known = namesOf(harness);
const SOUND = systemSkeleton("mine");
const calm = loadedScenario("calm");

/** Writes a system file and gives its path as a command would name it. */
function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return policyPath(relative(process.cwd(), join(folder, name)), process.cwd());
}

const load = (policy: string) => withPolicyFiles(harness, [policy]);

async function violationsOf(policy: string, seed: number, scenario = calm) {
  const extended = await load(policy);
  const plan = planOf(extended, { scenario, policy }, seed);
  return (await run(plan, optionsFor(extended, plan))).violations;
}

describe("the system that init writes", () => {
  const file = fileOf("mine.ts", SOUND);

  test("is the one among the examples, which the compiler has checked against the package's types", () => {
    expect(systemSkeleton("my-system")).toBe(readFileSync(join(root, "examples", "my-system.ts"), "utf8"));
  });

  test("is right when nothing goes wrong, and forgets when a machine does", async () => {
    for (let seed = 1; seed <= 5; seed++) expect(await violationsOf(file, seed)).toEqual([]);
    const [violation] = await violationsOf(file, 1, loadedScenario("crash-restart"));
    expect(violation?.invariant).toBe("linearizable");
    expect(violation?.operations.map(({ kind }) => kind)).toContain("call");
  });

  test("is measured in a study, as far as what is measured of a cache says something of it", async () => {
    const measures = ["messages", "stale-hits", "lost-writes", "broken-keys", "expired-keys", "convergence"];
    const task = { kind: "cell", scenario: calm, policy: file, firstSeed: 1, lastSeed: 2, measures } as const;
    const { runs } = await runCell(task, await load(file));
    expect(runs.map(({ error, broken }) => ({ error, broken }))).toEqual(
      [1, 2].map(() => ({ error: null, broken: [] })),
    );
    const values = measures.map((name, index) =>
      estimate(
        measureByName(name) as Measure,
        runs.map(({ figures }) => figures[index] as Figure),
      ),
    );
    expect(values[0]).toBeGreaterThan(0);
    expect(values.slice(1)).toEqual([null, null, null, null, null]);
  });

  test("has plans that name it, and that load again as they were written", async () => {
    const extended = await load(file);
    const plan = planOf(extended, { scenario: calm, policy: file }, 1);
    expect(plan.system).toBe(file);
    expect(plan.invariants).toEqual(["linearizable", "operations-end", "no-unhandled-rejection"]);
    expect(loadPlan(planText(plan), "a.plan.json", known)).toEqual({ ok: true, value: plan });
    const other = loadPlan(planText({ ...plan, policy: "./other.ts" }), "a.plan.json", known);
    expect(JSON.stringify(other)).toContain(`expected ${file} or a variant of it`);
  });

  test("has operations that do not change when a kind is added that no seed chooses", async () => {
    const more = fileOf("more.ts", SOUND.replace("operations: {", "operations: {\n    get: { weight: 0 },"));
    const operationsOf = async (policy: string) =>
      planOf(await load(policy), { scenario: calm, policy }, 3).operations.map(({ id, atMs, key }) => ({
        id,
        atMs,
        key,
      }));
    expect(await operationsOf(more)).toEqual(await operationsOf(file));
  });

  test("is watched as all code in a run is", async () => {
    const clock = fileOf("clock.ts", SOUND.replace("const id = ++asked;", "const id = Date.now();"));
    await expect(violationsOf(clock, 1)).rejects.toThrow(/Date\.now was used .*clock\.ts:\d+/);
  });
});

describe("the counters among the examples", () => {
  const path = "./examples/counter.ts";
  const read = readScenario("examples/counter.yaml", known);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const scenario = read.value;

  test("are what the scenario names, and are sound for the seeds that find the mistakes of the variants", async () => {
    expect(scenario.policies).toEqual(["sound", "forgetful", "hasty"].map((variant) => `${path}#${variant}`));
    for (const [variant, seed] of [
      ["forgetful", 5],
      ["hasty", 3],
    ] as const) {
      expect(await violationsOf(`${path}#sound`, seed, scenario)).toEqual([]);
      const violations = await violationsOf(`${path}#${variant}`, seed, scenario);
      expect(violations.map(({ invariant }) => invariant)).toEqual(["linearizable"]);
      expect(violations[0]?.summary).toMatch(/^the read c\d#\d+ has no place/);
    }
  });
});

describe("a system that misbehaves in a run is a violation that says so", () => {
  const ANSWER = "const owner =";
  const broken = async (name: string, statement: string) =>
    violationsOf(fileOf(name, SOUND.replace(ANSWER, `${statement}\n      ${ANSWER}`)), 1);

  test("when perform throws", async () => {
    const [violation] = await broken("throws.ts", 'if (self === "n1") throw new TypeError("no luck");');
    expect(violation?.invariant).toBe("operations-end");
    const all = await broken("throws2.ts", 'if (self === "n1") throw new TypeError("no luck");');
    expect(JSON.stringify(all)).toContain("an operation threw TypeError: no luck");
  });

  test("when it answers nonsense", async () => {
    const nothing = await broken("nothing.ts", "if (asked >= 0) return undefined as never;");
    expect(JSON.stringify(nothing)).toMatch(/perform answered .*read.* with something else: expected/);
    const infinite = await broken(
      "infinite.ts",
      'if (asked >= 0) return { result: "ok", output: Infinity };',
    );
    expect(JSON.stringify(infinite)).toContain("output: expected JSON data, got Infinity");
  });

  test("when it never answers", async () => {
    const violations = await broken("silent.ts", "if (asked >= 0) return new Promise(() => undefined);");
    expect(violations[0]?.invariant).toBe("operations-end");
    expect(violations[0]?.summary).toContain("without an answer");
  });

  test("when it starts nothing", async () => {
    const file = fileOf(
      "start.ts",
      SOUND.replace("  return {\n    async perform", "  return [] as never;\n  return {\n    async perform"),
    );
    expect(JSON.stringify(await violationsOf(file, 1))).toContain("start must return a node at once");
  });
});

describe("a system file that cannot be used", () => {
  const edited = (from: string, to: string): string => {
    expect(SOUND).toContain(from);
    return SOUND.replace(from, to);
  };

  test.each([
    ["shape.ts", edited("  start,\n", ""), /shape\.ts: system\.start: expected a function$/],
    ["summary.ts", edited("  summary:", "  summery:"), /summary\.ts: system\.summary: .*expected string/],
    [
      "model.ts",
      edited('"cas-register"', '"cas-registre"'),
      /system\.model: .*did you mean "cas-register"\?$/,
    ],
    ["audit.ts", edited('audit: "read"', 'audit: "raed"'), /system\.audit: .*did you mean "read"\?$/],
    [
      "weights.ts",
      SOUND.replaceAll(/weight: \d/g, "weight: 0"),
      /at least one operation with a weight above 0$/,
    ],
    [
      "other.ts",
      edited("    cas:", "    swap:"),
      /system\.operations\.swap: the model cas-register has no such operation/,
    ],
    [
      "taken.ts",
      edited("  start,\n", "  start,\n  invariants: { linearizable: { summary: 'x', check: () => [] } },\n"),
      /there is one of that name/,
    ],
    [
      "promise.ts",
      edited("  start,\n", "  start,\n  variants: { a: { summary: 'x', promises: ['no-gap'] } },\n"),
      /variants\.a\.promises: expected one of .*got "no-gap"/,
    ],
    ["number.mjs", "export const system = 7;\n", /number\.mjs: system: .*expected object/],
    [
      "fails.mjs",
      "export const system = {};\nthrow new Error('no luck');\n",
      /fails\.mjs(:2:7)?: it threw Error while it was loaded: no luck$/,
    ],
  ])("%s is told in one line", async (name, text, expected) => {
    const file = fileOf(name, text);
    const problem = await load(name === "promise.ts" ? `${file}#a` : file).then(
      () => "it was taken",
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(problem).toMatch(expected);
    expect(problem).toMatch(/^PolicyFileError: [^\n]*$/);
  });

  test("is told when it does not exist, or has no such variant", async () => {
    await expect(load("./reports/none.ts#a")).rejects.toThrow("./reports/none.ts: there is no such file");
    await expect(load("./examples/counter.ts#sond")).rejects.toThrow(/expected one of .*did you mean/);
    await expect(load("./examples/counter.ts")).rejects.toThrow("it has variants: choose one of");
    await expect(load("./examples/my-policy.ts#a")).rejects.toThrow("which has no variants");
  });
});

test("the page on extending shows what the example breaks", async () => {
  const page = readFileSync(join(root, "docs/extending.md"), "utf8");
  const [, policy = "", invariant, seed, summary = ""] =
    /^counter, (\S+): (\S+) {2}4 of 60 seeds, first (\d+)\n {2}(.+)$/m.exec(page) ?? [];
  const read = readScenario("examples/counter.yaml", known);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const violations = await violationsOf(policy, Number(seed), read.value);
  expect(violations).toMatchObject([{ invariant, summary }]);
});
