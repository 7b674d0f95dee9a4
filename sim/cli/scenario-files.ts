import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean } from "../run/suggest.ts";
import { visible } from "../report/visible.ts";
import { UsageError } from "./usage-error.ts";

const EXTENSION = /\.ya?ml$/;

/** The scenarios of the folder that the user is in, or else those that come with the tool. */
export function scenarioFolder(cwd: string): string {
  const own = resolve(cwd, "scenarios");
  if (isFolder(own)) return "scenarios";
  return shortest(fileURLToPath(new URL("../../../scenarios", import.meta.url)), cwd);
}

/** Where the regressions are that belong to these scenarios. */
export function regressionFolder(cwd: string): string {
  return join(scenarioFolder(cwd), "regressions");
}

/** The scenario files of a folder, in the order of their names. */
export function filesIn(folder: string, cwd: string): string[] {
  return readdirSync(resolve(cwd, folder))
    .filter((name) => EXTENSION.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The file that a word on the command line means: a path, or the name of a scenario of the usual folder. A file
 * that does not exist is left to the loader, which says so.
 */
export function scenarioFile(word: string, cwd: string): string {
  const isName = !EXTENSION.test(word) && !/[/\\]/.test(word) && !existsSync(resolve(cwd, word));
  if (!isName) return word;
  const file = scenarioCalled(word, cwd);
  if (file !== undefined) return file;
  const folder = scenarioFolder(cwd);
  const files = usualFiles(cwd);
  const meant = didYouMean(word, files.map(nameOf));
  throw new UsageError([
    visible(`no scenario is called "${word}" in ${folder} (cache-sim list shows them all)${meant}`),
  ]);
}

/** The file in the usual folder of the scenario with that name, if there is one. */
export function scenarioCalled(name: string, cwd: string): string | undefined {
  return usualFiles(cwd).find((file) => nameOf(file) === name);
}

function usualFiles(cwd: string): string[] {
  const folder = scenarioFolder(cwd);
  return isFolder(resolve(cwd, folder)) ? filesIn(folder, cwd) : [];
}

/** The files that the words mean; every file of the usual folder when there is no word. */
export function scenarioFiles(words: readonly string[], cwd: string): string[] {
  const wanted = words.length > 0 ? words : [scenarioFolder(cwd)];
  const files = wanted.flatMap((word) => {
    if (word.includes("*")) return matchingFiles(word, cwd);
    if (!isFolder(resolve(cwd, word))) return [scenarioFile(word, cwd)];
    const inside = filesIn(word, cwd);
    if (inside.length === 0) throw new UsageError([visible(`${word}: no scenario (*.yaml) in this folder`)]);
    return inside;
  });
  return [...new Map(files.map((file) => [resolve(cwd, file), file])).values()];
}

/** The scenarios of the usual folder whose names match; a star stands for any characters. */
function matchingFiles(pattern: string, cwd: string): string[] {
  const folder = scenarioFolder(cwd);
  const form = pattern.split("*").map((part) => part.replaceAll(/[^\w-]/g, "\\$&"));
  const matcher = new RegExp(`^${form.join(".*")}$`);
  const files = isFolder(resolve(cwd, folder)) ? filesIn(folder, cwd) : [];
  const found = files.filter((file) => matcher.test(nameOf(file)));
  if (found.length > 0) return found;
  throw new UsageError([
    visible(`no scenario in ${folder} matches "${pattern}" (cache-sim list shows them all)`),
  ]);
}

function nameOf(file: string): string {
  return basename(file).replace(EXTENSION, "");
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function shortest(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere.length < path.length ? fromHere : path;
}
