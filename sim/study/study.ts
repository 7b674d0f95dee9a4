import { z } from "zod";
import type { Scenario } from "../run/scenario/scenario.ts";
import { nameSchema } from "../run/plan.ts";
import { share } from "../world/quantity.ts";
import type { Bound } from "../check/measures/bounds.ts";

/**
 * A study compares policies under the same networks, faults and workloads: every combination is run with the same
 * seeds, so that a difference between two policies is one between runs that have all else in common.
 */

const SEEDS_MAX = 100_000;
/** Combinations of everything; each is run with every seed. */
export const CELLS_MAX = 2000;

const axis = z.record(nameSchema, z.unknown()).optional();
const partOfScenario = z.record(z.string().max(64), z.unknown());
const policyText = z.string().min(1).max(1024);
const parameterValues = z.array(z.number().int().min(0).max(1_000_000)).min(1).max(100);

export const studySchema = z.strictObject({
  name: nameSchema.describe("What the study is called in reports."),
  story: z.string().trim().min(1).max(10_000).describe("The question that it answers, in a few sentences."),
  scenario: partOfScenario
    .default({})
    .describe("What all combinations have in common: the fields of a scenario, but for its name and story."),
  policies: z
    .array(policyText)
    .min(1, "expected at least one policy")
    .max(100)
    .describe("The policies to compare, with parameters or without."),
  grid: z
    .record(policyText, z.record(z.string().max(64), parameterValues))
    .optional()
    .describe(
      "For policies of the list: values of their parameters, of which every combination is compared.",
    ),
  settings: axis.describe(
    "Ways to set the system, to choose from, by name: `timing`, `thresholds` and fields of a scenario's `cluster`. Every policy " +
      "is compared with each of them.",
  ),
  clusters: axis.describe(
    "Clusters by name, each as a scenario's `cluster`, with `timing` and `thresholds` besides; fields that are not there " +
      "are those of `scenario`.",
  ),
  networks: axis.describe("Networks by name, each as a scenario's `network`. Default: that of `scenario`."),
  faults: axis.describe(
    "Profiles of faults by name, each as a scenario's `faults`. Default: those of `scenario`.",
  ),
  workloads: axis.describe("Workloads by name; fields that are not there are those of `scenario`."),
  measures: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(50)
    .default([
      "read-p99",
      "write-p99",
      "availability",
      "stale-hits",
      "lost-writes",
      "broken-keys",
      "messages",
    ])
    .describe("What is measured; `cache-sim explore --measures` lists them all."),
  baseline: policyText.optional().describe("The policy that the others are compared to. Default: the first."),
  seeds: z.number().int().min(2).max(SEEDS_MAX).default(100).describe("At most so many seeds, from 1 on."),
  precision: share
    .optional()
    .describe(
      "The study ends sooner when all intervals are narrower than this share of their values, either side.",
    ),
  cost: z
    .string()
    .min(1)
    .max(64)
    .default("messages")
    .describe("The measure by which a policy is cheaper than another, among those that meet all bounds."),
  bounds: z
    .array(z.string().min(1).max(200))
    .max(50)
    .default([])
    .describe('What has to be met, such as "read-p99 < 20ms" or "lost-writes = 0 in zone-outage".'),
});

/** A study as its file has it, with the defaults filled in. */
export type StudyInput = z.infer<typeof studySchema>;

/** What is chosen from: a policy, set in some way. */
export interface Candidate {
  /** What reports call it. */
  readonly name: string;
  /** With its parameters. */
  readonly policy: string;
  /** The name of the settings; `ONLY` where a study has none. */
  readonly setting: string;
}

/** What candidates are compared under: one combination of all axes but the settings. */
export interface Condition {
  readonly cluster: string;
  readonly network: string;
  readonly faults: string;
  readonly workload: string;
  /** One for each way to set the system, by its name. */
  readonly scenarios: ReadonlyMap<string, Scenario>;
}

/** A study as it is run: every policy under every condition. */
export interface Study {
  readonly name: string;
  readonly story: string;
  readonly candidates: readonly Candidate[];
  readonly conditions: readonly Condition[];
  readonly measures: readonly string[];
  /** The name of a candidate. */
  readonly baseline: string;
  readonly seeds: number;
  readonly precision: number | null;
  readonly cost: string;
  readonly bounds: readonly Bound[];
}

/** The names of what makes up a condition. */
export type ConditionParts = Pick<Condition, "cluster" | "network" | "faults" | "workload">;

/** Whether a bound has to be met under a condition. */
export function isAbout({ within }: Bound, { cluster, network, faults, workload }: ConditionParts): boolean {
  return within === null || [cluster, network, faults, workload].includes(within);
}

/** How a condition is called: the names of its parts, without those of which there is only one. */
export function conditionName({ cluster, network, faults, workload }: ConditionParts): string {
  return named([cluster, network, faults, workload]);
}

/** How a candidate is called. */
export function candidateName(policy: string, setting: string): string {
  return setting === ONLY ? policy : `${policy} (${setting})`;
}

/** How a condition is called with the settings, so that a scenario can be found by it. */
export function scenarioName(
  setting: string,
  { cluster, network, faults, workload }: ConditionParts,
): string {
  return named([setting, cluster, network, faults, workload]);
}

/** Every scenario of a study, by its name. */
export function scenariosOf({ conditions }: Pick<Study, "conditions">): Map<string, Scenario> {
  return new Map(
    conditions.flatMap((condition) =>
      [...condition.scenarios].map(
        ([setting, scenario]) => [scenarioName(setting, condition), scenario] as const,
      ),
    ),
  );
}

/** One of the scenarios of a condition: all have the same network, faults and workload. */
export function someScenario({ scenarios }: Condition): Scenario {
  return [...scenarios.values()][0] as Scenario;
}

function named(parts: readonly string[]): string {
  const own = parts.filter((part) => part !== ONLY);
  return own.length === 0 ? "all" : own.join(", ");
}

/** The names on an axis. */
export function namesOf(axis: Readonly<Record<string, unknown>> | undefined): string[] {
  return axis === undefined ? [ONLY] : Object.keys(axis);
}

/** The name of the only entry of an axis that a study says nothing of. */
export const ONLY = "-";
