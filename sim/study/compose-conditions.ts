import { findingsOf } from "../run/load/load-issues.ts";
import { type KnownNames, problem } from "../run/load/load-names.ts";
import type { Finding, Path } from "../run/load/load-problem.ts";
import { checkScenario } from "../run/scenario/scenario-check.ts";
import { type Scenario, scenarioSchema } from "../run/scenario/scenario.ts";
import { type Condition, type ConditionParts, namesOf, ONLY, type StudyInput } from "./study.ts";

/** Every combination of the axes, as a scenario; what is wrong with one is said of the part that it comes from. */
export function composeConditions(
  { name, story, scenario, ...axes }: StudyInput,
  known: KnownNames,
): { conditions: Condition[]; findings: Finding[] } {
  const conditions: Condition[] = [];
  const findings = new Map<string, Finding>();
  const entries = (axis: StudyInput["clusters"]): Entries =>
    namesOf(axis).map((entry) => [entry, axis?.[entry]] as const);
  for (const axis of ["settings", "clusters", "networks", "faults", "workloads"] as const) {
    if (axes[axis] !== undefined && Object.keys(axes[axis]).length === 0) {
      findings.set(
        axis,
        problem([axis], "expected at least one, or leave it out: of nothing there is no study"),
      );
    }
  }
  const settings = entries(axes.settings);
  const combined = combinations(
    entries(axes.clusters),
    entries(axes.networks),
    entries(axes.faults),
    entries(axes.workloads),
  );
  for (const [
    [cluster, clusterPart],
    [network, networkPart],
    [faults, faultsPart],
    [workload, workloadPart],
  ] of combined) {
    const scenarios = new Map<string, Scenario>();
    for (const [setting, settingPart] of settings) {
      const composed = {
        // What a policy costs is not to be that of unlikely ways to go on, nor of faults that some seeds leave out.
        swarm: false,
        detours: { share: 0 },
        ...set(set(scenario, clusterPart), settingPart),
        name,
        story,
        ...(networkPart !== undefined && { network: networkPart }),
        ...(faultsPart !== undefined && { faults: faultsPart }),
        ...(workloadPart !== undefined && { workload: merged(scenario["workload"], workloadPart) }),
      };
      const parsed = scenarioSchema.safeParse(composed);
      const wrong = parsed.success
        ? checkScenario(parsed.data, known)
        : findingsOf(scenarioSchema, composed, parsed.error.issues);
      const origins: Origins = {
        setting: [setting, settingPart],
        cluster: [cluster, clusterPart],
        network: [network, networkPart],
        faults: [faults, faultsPart],
        workload: [workload, workloadPart],
      };
      for (const finding of wrong) {
        const path = pathInStudy(finding.path, origins);
        findings.set(`${path.join("/")} ${finding.message}`, { ...finding, path });
      }
      if (parsed.success) scenarios.set(setting, parsed.data);
    }
    if (scenarios.size === settings.length)
      conditions.push({ cluster, network, faults, workload, scenarios });
  }
  return { conditions, findings: [...findings.values()] };
}

type Entry = readonly [name: string, part: unknown];
type Entries = readonly Entry[];

/** One of each, the last ones varying fastest. */
function combinations(
  clusters: Entries,
  networks: Entries,
  faults: Entries,
  workloads: Entries,
): (readonly [Entry, Entry, Entry, Entry])[] {
  return clusters.flatMap((cluster) =>
    networks.flatMap((network) =>
      faults.flatMap((profile) =>
        workloads.map((workload) => [cluster, network, profile, workload] as const),
      ),
    ),
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields of a scenario beside its cluster by which the system is set as well. */
const BESIDE_CLUSTER: ReadonlySet<unknown> = new Set(["timing", "thresholds"]);

/** The scenario with the system set so: what is not said stays as it was. */
function set(scenario: Fields, part: unknown): Fields {
  if (part === undefined) return scenario;
  if (!isMapping(part)) return { ...scenario, cluster: part };
  const fields = Object.entries(part);
  const cluster = Object.fromEntries(fields.filter(([name]) => !BESIDE_CLUSTER.has(name)));
  const others = fields.filter(([name]) => BESIDE_CLUSTER.has(name));
  return {
    ...scenario,
    cluster: merged(scenario["cluster"] ?? {}, cluster),
    ...Object.fromEntries(others.map(([name, value]) => [name, merged(scenario[name], value)])),
  };
}

function merged(base: unknown, part: unknown): unknown {
  return isMapping(base) && isMapping(part) ? { ...base, ...part } : part;
}

function isMapping(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of each axis the entry that a scenario was composed of. */
type Origins = Readonly<Record<"setting" | keyof ConditionParts, Entry>>;

/** Where in the study's file a part of a composed scenario stands: of those that say it, the last one counts. */
function pathInStudy([field, ...rest]: Path, origins: Origins): Path {
  if (field === undefined) return [];
  const { setting, cluster, network, faults, workload } = origins;
  if (field === "network" && network[0] !== ONLY) return ["networks", network[0], ...rest];
  if (field === "faults" && faults[0] !== ONLY) return ["faults", faults[0], ...rest];
  if (field === "workload" && says(workload[1], rest)) return ["workloads", workload[0], ...rest];
  const place = BESIDE_CLUSTER.has(field) ? [field, ...rest] : rest;
  if (field === "cluster" || BESIDE_CLUSTER.has(field)) {
    if (says(setting[1], place)) return ["settings", setting[0], ...place];
    if (says(cluster[1], place)) return ["clusters", cluster[0], ...place];
  }
  return ["scenario", field, ...rest];
}

/** Whether a part has something at the place, or where a mapping is expected something else. */
function says(part: unknown, [name, ...rest]: Path): boolean {
  if (part === undefined || name === undefined) return part !== undefined;
  if (!isMapping(part)) return true;
  return Object.hasOwn(part, name) && (rest.length === 0 || says(part[name], rest));
}
