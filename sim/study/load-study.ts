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
  type Candidate,
  candidateName,
  CELLS_MAX,
  type Condition,
  isAbout,
  namesOf,
  ONLY,
  scenariosOf,
  someScenario,
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
  // Before anything is multiplied out: a few lines can ask for more than there is memory.
  const tooMany = checkSize(input);
  if (tooMany.length > 0) return refused(tooMany);
  const { conditions, findings } = composeConditions(input, known);
  if (findings.length > 0) return refused(findings);
  const scenarios = [...scenariosOf({ conditions }).values()];
  const replication = Math.min(...scenarios.map(({ cluster }) => cluster.replication));
  const policies = expandPolicies(input.policies, input.grid ?? {});
  const candidates = policies.flatMap((policy) =>
    namesOf(input.settings).map((setting) => ({ name: candidateName(policy, setting), policy, setting })),
  );
  const baseline = candidates.find(({ name, policy }) => [name, policy].includes(input.baseline ?? name));
  const bounds = boundsOf(input, conditions);
  const wrong = [
    ...checkPolicies(input, policies, known, replication),
    ...(baseline === undefined ? checkBaseline(input, candidates) : []),
    ...checkMeasures(input, conditions),
    ...bounds.findings,
    ...(input.precision === 0 ? [problem(["precision"], "expected more than 0%")] : []),
  ];
  if (wrong.length > 0) return refused(wrong);
  const needed = new Set([...input.measures, input.cost, ...bounds.bounds.map(({ measure }) => measure)]);
  const { name, story, seeds, cost } = input;
  return {
    ok: true,
    value: {
      name,
      story,
      candidates,
      conditions,
      measures: [...needed],
      baseline: (baseline as Candidate).name,
      seeds,
      precision: input.precision ?? null,
      cost,
      bounds: bounds.bounds,
    },
  };
}

function checkPolicies(
  { policies: listed, grid = {} }: StudyInput,
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
  return found;
}

function checkBaseline({ baseline = "" }: StudyInput, candidates: readonly Candidate[]): Finding[] {
  const names = [...new Set(candidates.flatMap(({ policy, name }) => [policy, name]))];
  return checkName(["baseline"], "policies of the study", baseline, names);
}

function checkMeasures({ measures: wanted, cost }: StudyInput, conditions: readonly Condition[]): Finding[] {
  const names = measures.map(({ name }) => name);
  const check = (path: Path, name: string): Finding[] => {
    const unknown = checkName(path, "measures", name, names);
    const whys = conditions.map((condition) => whyUnmeasurable(name, someScenario(condition)));
    const why = whys[0] ?? null;
    if (unknown.length > 0 || why === null || whys.includes(null)) return unknown;
    const message = `${name}: nothing to measure under any condition, since ${why}; take it out, or add some`;
    return [problem(path, message)];
  };
  const isGain = measures.find(({ name }) => name === cost)?.better === "more";
  const message = `${cost}: more of it is better: expected what a policy costs, such as messages or read-p99`;
  const wrongCost = isGain ? [problem(["cost"], message)] : check(["cost"], cost);
  return [...checkNames(["measures"], wanted, check), ...wrongCost];
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
      .map((condition) => whyUnmeasurable(bound.measure, someScenario(condition)));
    if (unmet.every((why) => why !== null)) {
      const message = `${bound.measure}: nothing to measure there, since ${unmet[0] ?? ""}; take it out, or add some`;
      findings.push(problem(["bounds", index], message));
    }
    return [bound];
  });
  return { bounds, findings };
}

function checkSize({
  policies,
  grid = {},
  settings,
  clusters,
  networks,
  faults,
  workloads,
}: StudyInput): Finding[] {
  const product = (factors: readonly number[]): number => factors.reduce((all, each) => all * each, 1);
  const policyCount = policies
    .map((policy) => (Object.hasOwn(grid, policy) ? Object.values(grid[policy] ?? {}) : []))
    .reduce((sum, values) => sum + product(values.map(({ length }) => length)), 0);
  const axes = [settings, clusters, networks, faults, workloads].map((axis) => namesOf(axis).length);
  const cells = policyCount * product(axes);
  if (cells <= CELLS_MAX) return [];
  return [problem(["policies"], `${cells} combinations: expected at most ${CELLS_MAX}; take some out`)];
}
