import { type Finding, type Path, shown } from "./load-problem.ts";
import { isInvariantFile } from "../invariant-file.ts";
import { isPolicyFile } from "../policy-file.ts";
import { policyName, policyProblem } from "../policy-text.ts";
import { didYouMean, oneOf } from "../suggest.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { PolicyCard } from "../system.ts";

/**
 * The names that a scenario or a plan may use. They are handed in: a file is read by code that knows neither
 * systems nor checkers.
 */
export interface KnownNames {
  readonly systems: readonly string[];
  readonly policies: readonly string[];
  /** Those of the policies that have parameters. */
  readonly cards?: readonly PolicyCard[];
  readonly invariants: readonly string[];
  /** In the code of the systems; not checked where it is not said. */
  readonly crashpoints?: readonly string[];
  readonly detours?: readonly string[];
  readonly processes?: readonly string[];
  readonly messages?: readonly string[];
  readonly timings?: readonly string[];
  readonly thresholds?: readonly string[];
  /** What is wrong with one of the bounds that a scenario expects; null when nothing is. */
  readonly expectationProblem?: (text: string, scenario: Scenario) => string | null;
}

/** Nothing when the name is known, otherwise what it could have been. */
export function checkName(path: Path, what: string, name: string, known: readonly string[]): Finding[] {
  if (known.includes(name)) return [];
  const message = `expected ${oneOf(what, known)}, got ${shown(name)}${didYouMean(name, known)}`;
  return [{ path, at: "value", message }];
}

/** A policy is known by name, or is a module file of the user's own; its parameters must fit the replication. */
export function checkPolicy(
  path: Path,
  policy: string,
  known: Pick<KnownNames, "policies" | "cards">,
  replication: number,
): Finding[] {
  const name = policyName(policy);
  if (isPolicyFile(name)) return [];
  const message = policyProblem(policy, known.cards ?? [], replication);
  return message === null ? checkName(path, "policies", name, known.policies) : [problem(path, message)];
}

/** An invariant is known by name, or is a module file of the user's own. */
export function checkInvariant(path: Path, invariant: string, known: readonly string[]): Finding[] {
  return isInvariantFile(invariant) ? [] : checkName(path, "invariants", invariant, known);
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
