import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder, execute, root } from "./cli.ts";

/** The command as it is installed, but for the file that a test damages. */
function damagedInstallation(damage: (dist: string) => void): string {
  const folder = emptyFolder();
  for (const name of ["bin", "dist", "package.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  damage(join(folder, "dist"));
  return join(folder, "bin", "cache-sim.js");
}

const run = (command: string) => {
  const scenario = join(root, "scenarios", "calm.yaml");
  return execute(process.execPath, [command, "run", scenario, "--seeds", "1..4", "--workers", "2"], {
    cwd: emptyFolder(),
  });
};

describe("a worker thread that cannot start", () => {
  test("ends the campaign with a sentence, when its code is damaged", async () => {
    const command = damagedInstallation((dist) => {
      writeFileSync(join(dist, "bundle", "worker.js"), "export default ;\n");
    });
    const { code, stdout, stderr } = await run(command);
    expect(stderr).toMatch(
      /^cache-sim: a worker thread did not start: SyntaxError: .*bundle\/worker\.js.*`npm run build`\n$/,
    );
    expect(stdout).not.toContain("clean");
    expect(code).toBe(2);
  });

  test("ends it the same way when its code is missing", async () => {
    const command = damagedInstallation((dist) => rmSync(join(dist, "bundle", "worker.js")));
    const { code, stderr } = await run(command);
    expect(stderr).toMatch(
      /^cache-sim: a worker thread did not start: .*bundle\/worker\.js.*`npm run build`\n$/,
    );
    expect(code).toBe(2);
  });
});
