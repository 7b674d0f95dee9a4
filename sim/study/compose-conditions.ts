import { findingsOf } from "../run/load/load-issues.ts";
import { type KnownNames, problem } from "../run/load/load-names.ts";
import type { Finding, Path } from "../run/load/load-problem.ts";
import { checkScenario } from "../run/scenario/scenario-check.ts";
import { scenarioSchema } from "../run/scenario/scenario.ts";
import { type Condition, ONLY, type StudyInput } from "./study.ts";

/** Every combination of the axes, as a scenario; what is wrong with one is said of the part that it comes from. */
export function composeConditions(
  { name, story, scenario, ...axes }: StudyInput,
  known: KnownNames,
): { conditions: Condition[]; findings: Finding[] } {
  const conditions: Condition[] = [];
  const findings = new Map<string, Finding>();
  const entries = (axis: Readonly<Record<string, unknown>> | undefined): Entries =>
    axis === undefined ? [[ONLY, undefined]] : Object.entries(axis);
  for (const axis of ["clusters", "networks", "faults", "workloads"] as const) {
    if (axes[axis] !== undefined && Object.keys(axes[axis]).length === 0) {
      findings.set(
        axis,
        problem([axis], "expected at least one, or leave it out: of nothing there is no study"),
      );
    }
  }
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
    const composed = {
      // What a policy costs is not to be that of unlikely ways to go on, nor of faults that some seeds leave out.
      swarm: false,
      detours: { share: 0 },
      ...scenario,
      name,
      story,
      ...(clusterPart !== undefined && clusterFields(scenario, clusterPart)),
      ...(networkPart !== undefined && { network: networkPart }),
      ...(faultsPart !== undefined && { faults: faultsPart }),
      ...(workloadPart !== undefined && { workload: merged(scenario["workload"], workloadPart) }),
    };
    const origin = { cluster, network, faults, workload };
    const parsed = scenarioSchema.safeParse(composed);
    const wrong = parsed.success
      ? checkScenario(parsed.data, known)
      : findingsOf(scenarioSchema, composed, parsed.error.issues);
    for (const finding of wrong) {
      const path = pathInStudy(finding.path, origin, { cluster: clusterPart, workload: workloadPart });
      findings.set(`${path.join("/")} ${finding.message}`, { ...finding, path });
    }
    if (parsed.success) conditions.push({ ...origin, scenario: parsed.data });
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

/** Of a scenario, besides its cluster: how the system is set on these machines. */
const SETTINGS: ReadonlySet<unknown> = new Set(["timing", "thresholds"]);

function clusterFields(scenario: Readonly<Record<string, unknown>>, part: unknown): Record<string, unknown> {
  if (!isMapping(part)) return { cluster: part };
  const fields = Object.entries(part);
  const cluster = Object.fromEntries(fields.filter(([name]) => !SETTINGS.has(name)));
  const settings = fields.filter(([name]) => SETTINGS.has(name));
  return {
    cluster: merged(scenario["cluster"], cluster),
    ...Object.fromEntries(settings.map(([name, value]) => [name, merged(scenario[name], value)])),
  };
}

function merged(base: unknown, part: unknown): unknown {
  return isMapping(base) && isMapping(part) ? { ...base, ...part } : part;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Origin = Pick<Condition, "cluster" | "network" | "faults" | "workload">;

/** Where in the study's file a part of a composed scenario stands. */
function pathInStudy(
  [field, ...rest]: Path,
  origin: Origin,
  parts: Readonly<Record<"cluster" | "workload", unknown>>,
): Path {
  if (field === "network" && origin.network !== ONLY) return ["networks", origin.network, ...rest];
  if (field === "faults" && origin.faults !== ONLY) return ["faults", origin.faults, ...rest];
  const hasOwn = (part: unknown, name: unknown = ""): boolean =>
    isMapping(part) && Object.hasOwn(part, String(name));
  if (field === "cluster" && hasOwn(parts.cluster, rest[0])) return ["clusters", origin.cluster, ...rest];
  if (field === "workload" && hasOwn(parts.workload, rest[0])) return ["workloads", origin.workload, ...rest];
  if (SETTINGS.has(field) && isMapping(parts.cluster)) {
    const [setting, name] = [String(field), rest[0]];
    const own = parts.cluster[setting];
    if (own !== undefined && (name === undefined || !isMapping(own) || hasOwn(own, name)))
      return ["clusters", origin.cluster, setting, ...rest];
  }
  return field === undefined ? [] : ["scenario", field, ...rest];
}
