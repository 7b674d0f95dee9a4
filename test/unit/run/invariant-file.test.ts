import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { invariantSkeleton } from "../../../sim/cli/commands/invariant-skeleton.ts";
import { invariantPath } from "../../../sim/cli/user-policies.ts";
import { invariantOf } from "../../../sim/run/invariant-file.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { run } from "../../../sim/run/run.ts";
import { expectationOf } from "../../../sim/search/findings.ts";
import { namesOf, optionsFor, planOf, withFilesOf, withInvariantFiles } from "../../../sim/search/harness.ts";
import { planText } from "../../../sim/search/plan-text.ts";
import { shrink } from "../../../sim/search/shrink.ts";
import { systems } from "../../../sim/systems/index.ts";
import { loadedScenario } from "../../support/scenario-files.ts";
import { history, record } from "../check/history-builder.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
mkdirSync(join(root, "reports"), { recursive: true });
const folder = mkdtempSync(join(root, "reports", "invariants-"));
afterAll(() => rmSync(folder, { recursive: true }));
const harness = { systems, invariants };

/** Writes an invariant file and gives its path as a command would name it. */
function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return invariantPath(relative(process.cwd(), join(folder, name)), process.cwd());
}

const job = { scenario: loadedScenario("partition-heal"), policy: "abd" };

describe("the invariant that init writes", () => {
  const file = fileOf("mine.ts", invariantSkeleton("mine"));
  const ownJob = { ...job, invariantFiles: [file] };

  test("is the one among the examples, which the compiler has checked against the package's types", () => {
    const example = readFileSync(join(root, "examples", "my-invariant.ts"), "utf8");
    expect(invariantSkeleton("my-invariant")).toBe(example);
  });

  test("is checked beside the others, and proves what it finds under the name of its file", async () => {
    const extended = await withFilesOf(harness, ownJob);
    const plan = planOf(extended, ownJob, 1);
    expect(plan.invariants).toEqual([...invariants.map(({ name }) => name), file]);
    const { violations } = await run(plan, optionsFor(extended, plan));
    expect(violations).toMatchObject([{ invariant: file, key: null, notes: [] }]);
    expect(violations[0]?.operations).toHaveLength(1);
    expect(expectationOf(extended, false)("abd", file, 3)).toBe(false);
  });

  test("may name operations that were open when the run ended", async () => {
    const extended = await withFilesOf(harness, ownJob);
    const drawn = planOf(extended, ownJob, 1);
    const [first] = drawn.operations;
    const endMs = (first?.atMs ?? 0) + 0.001;
    const plan = {
      ...drawn,
      operations: drawn.operations.slice(0, 1),
      faults: [],
      phases: { healMs: 0, settleMs: 0, endMs },
      invariants: [file],
    };
    const { violations } = await run(plan, optionsFor(extended, plan));
    expect(violations).toMatchObject([
      { invariant: file, operations: [{ returnUs: Number.POSITIVE_INFINITY }] },
    ]);
  });

  test("stays in the plan, which can be loaded, and shrinks to the operation that breaks it", async () => {
    const extended = await withFilesOf(harness, ownJob);
    const plan = planOf(extended, ownJob, 1);
    expect(loadPlan(planText(plan), "plan.json", namesOf(harness)).ok).toBe(true);
    const shrinking = await shrink(plan, { harness: extended, candidatesMax: 40 });
    expect(shrinking).toMatchObject({ kind: "shrunk", violation: { invariant: file } });
    expect(shrinking.kind === "shrunk" && shrinking.plan.operations.length).toBeLessThan(4);
  });

  test("costs a harness nothing that does not ask for it", async () => {
    expect(await withInvariantFiles(harness, ["linearizable"])).toBe(harness);
    const extended = await withFilesOf(harness, ownJob);
    expect(planOf(extended, job, 1)).toEqual(planOf(harness, job, 1));
  });
});

describe("an invariant file that cannot be used", () => {
  test.each([
    [
      "throws.mjs",
      'const a = 1;\nthrow new Error("no luck");\n',
      /throws\.mjs:2:7: it threw Error.*: no luck$/,
    ],
    ["empty.mjs", "export const other = 1;\n", /empty\.mjs: it exports no invariant: write "export const/],
    ["number.mjs", "export default 7;\n", /number\.mjs: invariant: .*expected object/],
    ["check.mjs", 'export default { summary: "a", check: 1 };\n', /invariant\.check: expected a function$/],
    ["summary.mjs", "export default { check() {} };\n", /invariant\.summary: .*expected string/],
    [
      "lines.mjs",
      'export default { summary: "a\\nb", check() {} };\n',
      /invariant\.summary: expected one line/,
    ],
  ])("%s: is told in one line", async (name, text, message) => {
    const problem = await withInvariantFiles(harness, [fileOf(name, text)]).catch((error: unknown) => error);
    expect(String(problem)).toMatch(message);
    expect(String(problem)).toMatch(/^InvariantFileError: [^\n]*$/);
  });

  test("and so is one that is not there", async () => {
    await expect(withInvariantFiles(harness, ["./no-such.ts"])).rejects.toThrow(
      /^\.\/no-such\.ts: there is no such file/,
    );
  });
});

describe("a check that fails at work", () => {
  const finished = record(history("c1 set a 0..1"));

  test.each([
    [
      "throws",
      () => {
        throw new TypeError("x is\nundefined");
      },
      /^\.\/mine\.ts: its check threw TypeError: x is undefined$/,
    ],
    ["returns nothing", () => undefined, /must return a list of violations at once: .*expected array/],
    ["returns a promise", () => Promise.resolve([]), /must return a list of violations at once/],
    ["returns what has no summary", () => [{ text: "bad" }], /at once: 0\.summary .*expected string/],
    ["returns false", () => false, /must return a list of violations/],
    ["returns no operations", () => [{ summary: "a", operations: ["c1#1"] }], /0\.operations\.0/],
  ])("because it %s is told in one line", (_, check, message) => {
    const invariant = invariantOf("./mine.ts", { default: { summary: "Mine.", check } });
    expect(() => invariant.check(finished)).toThrow(message);
    expect(() => invariant.check(finished)).toThrow(/^[^\n]*$/);
  });

  test("not at all when it finds nothing, or something", () => {
    const check = (): unknown => [{ summary: "Too much.", key: "k", operations: [finished.history[0]] }];
    const invariant = invariantOf("./mine.ts", { invariant: { summary: "Mine.", check } });
    expect(invariant.check(finished)).toEqual([
      {
        invariant: "./mine.ts",
        key: "k",
        summary: "Too much.",
        operations: [finished.history[0]],
        notes: [],
      },
    ]);
    expect(invariantOf("./b.ts", { default: { summary: "B.", check: () => [] } }).check(finished)).toEqual(
      [],
    );
  });
});
