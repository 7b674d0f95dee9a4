import { isPolicyFile } from "../../run/policy-file.ts";
import { policyName } from "../../run/policy-text.ts";
import type { Scenario } from "../../run/scenario/scenario.ts";
import { type Bound, parseBound } from "./bounds.ts";
import { measureByName } from "./index.ts";
import type { Measure, Need } from "./measure.ts";

/** What of a scenario decides which of its bounds can be measured. */
export type Measured = Pick<Scenario, "faults" | "policies" | "workload">;

/**
 * What is wrong with one of a scenario's bounds; null when nothing is. A bound that no run could ever say anything of
 * would be met for ever.
 *
 * @param policies the names of all that there are
 */
export function expectationProblem(
  text: string,
  scenario: Measured,
  policies: readonly string[],
): string | null {
  const own = scenario.policies?.flatMap((policy) => [policyName(policy), policy]);
  const bound = parseBound(text);
  const isOwnFile = own === undefined && !("problem" in bound) && isPolicyFile(bound.within ?? "");
  const names = isOwnFile ? [bound.within ?? ""] : [...new Set(own ?? policies)];
  const named = parseBound(text, { word: "for", what: "policies", names });
  if ("problem" in named) return named.problem;
  const why = whyUnmeasurable(named.measure, scenario);
  if (why === null) return null;
  return `${named.measure}: nothing to measure, since ${why}; take the bound out, or add some`;
}

/** Why no run of a scenario could say anything of a measure; null when some could. */
export function whyUnmeasurable(name: string, scenario: Measured): string | null {
  const needs = measureByName(name)?.needs;
  return needs === undefined || NEEDS[needs].isMet(scenario) ? null : NEEDS[needs].why;
}

/** A bound of a scenario with what it bounds. */
export interface Gate {
  readonly bound: Bound;
  readonly measure: Measure;
}

/**
 * The bounds of a scenario that are about a policy, in their order.
 *
 * @throws RangeError for a text that is no bound
 */
export function gatesFor({ expect }: Pick<Scenario, "expect">, policy: string): readonly Gate[] {
  return expect
    .map(gateOf)
    .filter(({ bound: { within } }) => within === null || within === policy || within === policyName(policy));
}

/** @throws RangeError for a text that is no bound */
export function gateOf(text: string): Gate {
  const bound = parseBound(text);
  if ("problem" in bound) throw new RangeError(bound.problem);
  const measure = measureByName(bound.measure);
  if (measure === undefined) throw new RangeError(`no measure is called "${bound.measure}"`);
  return { bound, measure };
}

/** Kinds of faults that end a machine's life. */
const CRASHES: ReadonlySet<string> = new Set([
  "crash",
  "crash-at",
  "crash-loop",
  "crash-point",
  "rolling-restart",
  "power-loss",
  "torn-write",
  "bit-rot",
]);

const NEEDS: Readonly<Record<Need, { why: string; isMet: (scenario: Measured) => boolean }>> = {
  faults: { why: "the scenario has no faults", isMet: ({ faults }) => faults.length > 0 },
  crashes: {
    why: "the scenario has no faults that end a machine's life",
    isMet: ({ faults }) => faults.some(({ kind }) => CRASHES.has(kind)),
  },
  partitions: {
    why: "the scenario has no partitions",
    isMet: ({ faults }) => faults.some(({ kind }) => kind === "partition"),
  },
  reads: {
    why: "the workload has no gets",
    isMet: ({ workload: { mix, trace } }) => trace?.columns.operation !== undefined || mix.get > 0,
  },
  writes: {
    why: "the workload has no writes",
    isMet: ({ workload: { mix, trace } }) =>
      trace?.columns.operation !== undefined ||
      Object.entries(mix).some(([kind, weight]) => kind !== "get" && weight > 0),
  },
};
