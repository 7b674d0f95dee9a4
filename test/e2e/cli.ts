import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";

/** Runs the built command line tool, as a user would. */

// Processes that start side by side on a busy machine take their time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const bin = join(root, "bin", "cache-sim.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the process once it has printed something. */
  readonly onOutput?: (child: ChildProcess, stdout: string) => void;
}

export function cli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return execute(process.execPath, [bin, ...args], options);
}

export function execute(command: string, args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  // The test runner asks for colours, which its children would inherit.
  if (options.env?.["FORCE_COLOR"] === undefined) delete env["FORCE_COLOR"];
  if (options.env?.["COLUMNS"] === undefined) delete env["COLUMNS"];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? root, env, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      options.onOutput?.(child, stdout);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cache-sim-e2e-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same with the scenarios in it, and without the regressions, which take a while to replay. */
export function scenarioFolder(): string {
  const folder = emptyFolder();
  cpSync(join(root, "scenarios"), join(folder, "scenarios"), {
    recursive: true,
    filter: (path) => !/regressions|bugs/.test(path),
  });
  return folder;
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
