import { describe, expect, test } from "vitest";
import { cli } from "../e2e/cli.ts";

describe("validate", () => {
  test("prints published numbers beside ours, and ends well when all agree", async () => {
    const { code, stdout } = await cli(["validate", "placement", "--workers", "1"]);
    expect(code).toBe(0);
    expect(stdout).toContain("published");
    expect(stdout).toMatch(/^6 published numbers agree, 0 differ; 0 are shown/m);
  });

  test("gives the same, whatever the number of workers", async () => {
    const one = await cli(["validate", "placement", "detector", "--json", "--workers", "1"]);
    const two = await cli(["validate", "placement", "detector", "--json", "--workers", "2"]);
    expect(JSON.parse(one.stdout)).toHaveLength(9);
    expect(two.stdout).toBe(one.stdout);
  });

  test("says which tables there are", async () => {
    const { code, stdout, stderr } = await cli(["validate", "qourums"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain('got "qourums"');
    expect(stderr).toContain("did you mean");
  });
});
