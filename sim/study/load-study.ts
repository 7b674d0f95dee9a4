import { type Bound, parseBound } from "../check/measures/bounds.ts";
import { whyUnmeasurable } from "../check/measures/expectations.ts";
import { measures } from "../check/measures/index.ts";
import { findingsOf } from "../run/load/load-issues.ts";
import { checkName, checkNames, type KnownNames, problem } from "../run/load/load-names.ts";
import { failed, type Finding, type Loaded, type Path, problemsOf } from "../run/load/load-problem.ts";
import { type FileKind, readText } from "../run/load/load-text.ts";
import { isPolicyFile } from "../run/policy-file.ts";
import { policyName, policyProblem } from "../run/policy-text.ts";
import { composeConditions } from "./compose-conditions.ts";
import { expandPolicies } from "./grid.ts";
import {
  CELLS_MAX,
  type Condition,
  isAbout,
  ONLY,
  type Study,
  type StudyInput,
  studySchema,
} from "./study.ts";

export const studyFile: FileKind = {
  what: "a study",
  bytesMax: 1_048_576,
  hint: "it needs at least a name, a story and policies",
};

/**
 * A study from the text of a YAML or JSON file, or everything that is wrong with it, with its lines. Pure.
 *
 * @param file the name to show in problems
 */
export function loadStudy(text: string, file: string, known: KnownNames): Loaded<Study> {
  const read = readText(text, file, studyFile);
  if ("problems" in read) return failed(read.problems);
  const { source } = read;
  const refused = (findings: readonly Finding[]): Loaded<Study> =>
    failed(problemsOf(file, source, [...findings]));

  const parsed = studySchema.safeParse(source.value);
  if (!parsed.success) return refused(findingsOf(studySchema, source.value, parsed.error.issues));
  const input = parsed.data;
  const { conditions, findings } = composeConditions(input, known);
  if (findings.length > 0) return refused(findings);
  const replication = Math.min(...conditions.map(({ scenario }) => scenario.cluster.replication));
  const policies = expandPolicies(input.policies, input.grid ?? {});
  const bounds = boundsOf(input, conditions);
  const wrong = [
    ...checkPolicies(input, policies, known, replication),
    ...checkMeasures(input, conditions),
    ...bounds.findings,
    ...checkSize(policies.length * conditions.length),
  ];
  if (wrong.length > 0) return refused(wrong);
  const needed = new Set([...input.measures, input.cost, ...bounds.bounds.map(({ measure }) => measure)]);
  const { name, story, seeds, cost } = input;
  return {
    ok: true,
    value: {
      name,
      story,
      policies,
      conditions,
      measures: [...needed],
      baseline: input.baseline ?? (policies[0] as string),
      seeds,
      precision: input.precision ?? null,
      cost,
      bounds: bounds.bounds,
    },
  };
}

function checkPolicies(
  { policies: listed, grid = {}, baseline }: StudyInput,
  policies: readonly string[],
  known: KnownNames,
  replication: number,
): Finding[] {
  const check = (path: Path, policy: string): Finding[] => {
    const wrong = policyProblem(policy, known.cards ?? [], replication);
    if (wrong !== null) return [problem(path, wrong)];
    const name = policyName(policy);
    return isPolicyFile(name) ? [] : checkName(path, "policies", name, known.policies);
  };
  const found = checkNames(["policies"], listed, check);
  for (const policy of Object.keys(grid)) {
    const path = ["grid", policy];
    if (!listed.includes(policy))
      found.push({ ...problem(path, "not among the policies: add it"), at: "key" });
    else if (Object.keys(grid[policy] ?? {}).length === 0)
      found.push(problem(path, "expected parameters with values"));
    else if (found.length === 0) {
      const [wrong] = expandPolicies([policy], grid).flatMap((each) => check(path, each));
      if (wrong !== undefined) found.push(wrong);
    }
  }
  if (baseline !== undefined && !policies.includes(baseline)) {
    found.push(...checkName(["baseline"], "policies of the study", baseline, policies));
  }
  return found;
}

function checkMeasures({ measures: wanted, cost }: StudyInput, conditions: readonly Condition[]): Finding[] {
  const names = measures.map(({ name }) => name);
  const check = (path: Path, name: string): Finding[] => {
    const unknown = checkName(path, "measures", name, names);
    const whys = conditions.map(({ scenario }) => whyUnmeasurable(name, scenario));
    const why = whys[0] ?? null;
    if (unknown.length > 0 || why === null || whys.includes(null)) return unknown;
    const message = `${name}: nothing to measure under any condition, since ${why}; take it out, or add some`;
    return [problem(path, message)];
  };
  return [...checkNames(["measures"], wanted, check), ...check(["cost"], cost)];
}

function boundsOf(
  { bounds: texts }: StudyInput,
  conditions: readonly Condition[],
): { bounds: Bound[]; findings: Finding[] } {
  const parts = [
    ...new Set(
      conditions.flatMap(({ cluster, network, faults, workload }) => [cluster, network, faults, workload]),
    ),
  ].filter((part) => part !== ONLY);
  const findings: Finding[] = [];
  const bounds = texts.flatMap((text, index) => {
    const bound = parseBound(text, {
      word: "in",
      what: "clusters, networks, faults and workloads",
      names: parts,
    });
    if ("problem" in bound) {
      findings.push(problem(["bounds", index], bound.problem));
      return [];
    }
    const unmet = conditions
      .filter((condition) => isAbout(bound, condition))
      .map(({ scenario }) => whyUnmeasurable(bound.measure, scenario));
    if (unmet.every((why) => why !== null)) {
      const message = `${bound.measure}: nothing to measure there, since ${unmet[0] ?? ""}; take it out, or add some`;
      findings.push(problem(["bounds", index], message));
    }
    return [bound];
  });
  return { bounds, findings };
}

function checkSize(cells: number): Finding[] {
  if (cells <= CELLS_MAX) return [];
  return [problem(["policies"], `${cells} combinations: expected at most ${CELLS_MAX}; take some out`)];
}
