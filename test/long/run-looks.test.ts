import { expect, test } from "vitest";
import { cli, linesOf, scenarioFolder } from "../e2e/cli.ts";

test("a campaign is readable in a narrow window", async () => {
  const options = { cwd: scenarioFolder(), env: { COLUMNS: "60" } };
  const { stdout } = await cli(["run", "ttl-expiry", "--seeds", "1..5"], options);
  const lines = linesOf(stdout).filter((line) => !/^ {2}npx |seeds, first|^OK:/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

test("a campaign has colours only where they are wanted", async () => {
  const args = ["run", "calm", "--policy", "abd", "--seeds", "1"];
  const cwd = scenarioFolder();
  const [forced, without] = await Promise.all([
    cli(args, { cwd, env: { FORCE_COLOR: "1" } }),
    cli(args, { cwd, env: { NO_COLOR: "1" } }),
  ]);
  expect(forced.stdout).toContain("\u001b[");
  expect(without.stdout).not.toContain("\u001b[");
});
