import { type Finding, type Path, shown } from "./load-problem.ts";
import { isPolicyFile } from "./policy-file.ts";
import { didYouMean, oneOf } from "./suggest.ts";

/**
 * The names that a scenario or a plan may use. They are handed in: a file is read by code that knows neither
 * systems nor checkers.
 */
export interface KnownNames {
  readonly systems: readonly string[];
  readonly policies: readonly string[];
  readonly invariants: readonly string[];
}

/** Nothing when the name is known, otherwise what it could have been. */
export function checkName(path: Path, what: string, name: string, known: readonly string[]): Finding[] {
  if (known.includes(name)) return [];
  const message = `expected ${oneOf(what, known)}, got ${shown(name)}${didYouMean(name, known)}`;
  return [{ path, at: "value", message }];
}

/** A policy is known by name, or is a module file of the user's own. */
export function checkPolicy(path: Path, policy: string, known: readonly string[]): Finding[] {
  return isPolicyFile(policy) ? [] : checkName(path, "policies", policy, known);
}

/** A finding for each name that was given before. */
export function checkDistinct(path: Path, names: readonly string[]): Finding[] {
  const firstIndex = new Map<string, number>();
  return names.flatMap((name, index): Finding[] => {
    const first = firstIndex.get(name);
    if (first === undefined) firstIndex.set(name, index);
    return first === undefined ? [] : [problem([...path, index], `${shown(name)} is given twice: keep one`)];
  });
}

/** A list of names, each of which must be known and given once. */
export function checkNames(
  path: Path,
  names: readonly string[],
  check: (path: Path, name: string) => Finding[],
): Finding[] {
  const once = [...new Set(names)];
  return [
    ...checkDistinct(path, names),
    ...once.flatMap((name) => check([...path, names.indexOf(name)], name)),
  ];
}

export function problem(path: Path, message: string): Finding {
  return { path, at: "value", message };
}
