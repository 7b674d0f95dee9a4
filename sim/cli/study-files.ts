import { readFileSync } from "node:fs";
import { visible } from "../report/visible.ts";
import { whyUnreadable } from "../run/load/load-file.ts";
import type { Scenario } from "../run/scenario/scenario.ts";
import { didYouMean, oneOf } from "../run/suggest.ts";
import { loadStudy } from "../study/load-study.ts";
import { scenariosOf, type Study } from "../study/study.ts";
import { knownNames } from "./known.ts";
import { loadedOrThrow, UsageError } from "./usage-error.ts";

export function readStudy(file: string): Study {
  return loadedOrThrow(loadStudy(textOf(file), file, knownNames));
}

/** Under a condition of a study everything is as in a scenario of its own. */
export function scenarioUnder(file: string, condition: string): Scenario {
  const scenarios = scenariosOf(readStudy(file));
  const found = scenarios.get(condition);
  if (found !== undefined) return found;
  const names = [...scenarios.keys()];
  const quoted = names.map((name) => `"${name}"`);
  const expected = `expected ${oneOf("conditions", quoted)}, got "${condition}"${didYouMean(condition, names)}`;
  throw new UsageError([visible(`--under: ${expected}`)]);
}

/** Whether a file is a study, with nothing wrong in it. */
export function isStudy(file: string): boolean {
  try {
    return loadStudy(readFileSync(file, "utf8"), file, knownNames).ok;
  } catch {
    return false;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = whyUnreadable(file, error as NodeJS.ErrnoException, "a study");
    throw new UsageError([visible(`${file}: ${why}`)]);
  }
}
