import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { policySkeleton } from "../../../sim/cli/commands/policy-skeleton.ts";
import { policyPath } from "../../../sim/cli/user-policies.ts";
import { run } from "../../../sim/run/run.ts";
import { optionsFor, planOf, withPolicyFiles } from "../../../sim/search/harness.ts";
import { systems } from "../../../sim/systems/index.ts";
import { loadedScenario } from "../../support/scenario-files.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
mkdirSync(join(root, "reports"), { recursive: true });
const folder = mkdtempSync(join(root, "reports", "policies-"));
const harness = { systems, invariants };
const SOUND = policySkeleton("mine");
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a policy file and gives its path as a command would name it. */
function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return policyPath(relative(process.cwd(), join(folder, name)), process.cwd());
}

const load = (file: string) => withPolicyFiles(harness, [file]);

describe("the policy that init writes", () => {
  const file = fileOf("mine.ts", SOUND);

  test("is the one among the examples, which the compiler has checked against the package's types", () => {
    expect(policySkeleton("my-policy")).toBe(readFileSync(join(root, "examples", "my-policy.ts"), "utf8"));
  });

  test("is clean when nothing goes wrong, and is named by its file", async () => {
    const extended = await load(file);
    for (let seed = 1; seed <= 10; seed++) {
      const plan = planOf(extended, { scenario: loadedScenario("calm"), policy: file }, seed);
      expect(plan.policy).toBe(file);
      const { violations, statistics } = await run(plan, optionsFor(extended, plan));
      // It keeps one copy of each key, which is less than the scenario asks for and all that it does not do.
      const others = violations.filter(({ invariant }) => invariant !== "replication-factor");
      expect(others).toEqual([]);
      expect(statistics.operations.ok).toBe(statistics.operations.total);
    }
  });

  test("is watched as all code in a run is: what asks the real world is named, with its place", async () => {
    const clock = fileOf("clock.ts", SOUND.replace("operation.mayHaveHappened = true;", "Date.now();"));
    const extended = await load(clock);
    const plan = planOf(extended, { scenario: loadedScenario("calm"), policy: clock }, 1);
    await expect(run(plan, optionsFor(extended, plan))).rejects.toThrow(/Date\.now was used .*clock\.ts:\d+/);
  });
});

describe("a policy file that cannot be used", () => {
  test.each([
    [
      "throws.mjs",
      'const a = 1;\nthrow new Error("no luck");\n',
      /throws\.mjs(:2:7)?: it threw Error while .*: no luck$/,
    ],
    ["string.mjs", 'throw "no luck";\n', /string\.mjs: it threw no luck while it was loaded$/],
    [
      "nothing.mjs",
      "export const a = 1;\n",
      /nothing\.mjs: it exports no policy: write "export const policy/,
    ],
    ["number.mjs", "export default 7;\n", /number\.mjs: policy: .*expected object/],
    ["shape.mjs", 'export const policy = { name: "x" };\n', /shape\.mjs: policy\.summary: .*expected string/],
    ["create.ts", SOUND.replace("  create,\n", ""), /create\.ts: policy\.create: expected a function$/],
    [
      "typo.ts",
      SOUND.replace('"operations-end"', '"operation-end"'),
      /typo\.ts: policy\.promises: expected one of .*got "operation-end"; did you mean "operations-end"\?$/,
    ],
    [
      "probe.ts",
      SOUND.replace("  background:", '  promisesUntil: { "failed-ovr": ["linearizable"] },\n  background:'),
      /probe\.ts: policy\.promisesUntil: .*got "failed-ovr"; did you mean "failed-over"\?$/,
    ],
  ])("%s is told in one line", async (name, text, expected) => {
    const problem = await load(fileOf(name, text)).then(
      () => "it was taken",
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(problem).toMatch(expected);
    expect(problem).toMatch(/^PolicyFileError: [^\n]*$/);
  });

  test("is told when it does not exist", async () => {
    await expect(load("./reports/none.ts")).rejects.toThrow("./reports/none.ts: there is no such file");
  });
});

test("a policy is named by its path from the current folder, any other by its name", () => {
  expect(policyPath("abd", "/home/me")).toBe("abd");
  expect(policyPath("mine.ts", "/home/me")).toBe("./mine.ts");
  expect(policyPath("/home/me/a/mine.ts", "/home/me")).toBe("./a/mine.ts");
  expect(policyPath("../mine.ts", "/home/me")).toBe("../mine.ts");
});
