/** Plans that made a test fail, in a folder beside it: they are run first until they pass, also by somebody else. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { commandLine } from "../report/command-line.ts";
import type { Plan } from "../run/plan.ts";
import { planText } from "../search/plan-text.ts";

const FOLDER = "failing-plans";
const EXTENSION = ".plan.json";
const NAME_LENGTH_MAX = 80;

/** Where the plans of a test are kept. */
export function keptFolder(testFile: string, testName: string): string {
  const name = testName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, NAME_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, "");
  return join(dirname(testFile), FOLDER, name === "" ? "unnamed" : name);
}

/** In the order of their names; none where there is no folder. */
export function keptPlans(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((name) => join(folder, name));
}

/** Writes a plan, over one that was kept under this name before. Returns its path. */
export function keepPlan(folder: string, name: string, plan: Plan): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}${EXTENSION}`);
  writeFileSync(file, planText(plan));
  return file;
}

/** Removes a plan, and the folder with the last of them. */
export function forgetPlan(file: string): void {
  rmSync(file, { force: true });
  const folder = dirname(file);
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

/** The command that runs a plan again. Paths start where the tests were started. */
export function replayLineOf(file: string): string {
  return commandLine(["npx", "cache-sim", "replay", relative(process.cwd(), file)]);
}
