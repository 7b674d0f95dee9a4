import type { LatencyModel } from "../../world/latency.ts";
import type { NetworkOptions } from "../../world/network-settings.ts";
import { ANYWHERE, type Zones } from "../../world/places.ts";
import { checkDistinct, checkName, problem } from "./load-names.ts";
import type { Finding, Path } from "./load-problem.ts";

/**
 * What is wrong with the zones and the network of a scenario or a plan although each field is right by itself.
 */

export interface Cluster {
  readonly machines: readonly string[];
  readonly zones?: Zones | undefined;
}

export function checkZones({ machines, zones }: Cluster): Finding[] {
  if (zones === undefined) return [];
  const path = ["cluster", "zones"];
  const known = new Set(machines);
  const found: Finding[] = [];
  const zoneOf = new Map<string, string>();
  for (const [zone, members] of Object.entries(zones)) {
    if (known.has(zone)) {
      const message = "the name of a machine: give the zone another one";
      found.push({ path: [...path, zone], at: "key", message });
    }
    if (members.length === 0) {
      return [problem(path, `expected at most ${machines.length}, the number of machines`)];
    }
    found.push(...checkDistinct([...path, zone], members));
    for (const [index, machine] of members.entries()) {
      const other = zoneOf.get(machine);
      if (!known.has(machine)) {
        found.push(...checkName([...path, zone, index], "machines", machine, machines));
      } else if (other !== undefined && other !== zone) {
        found.push(problem([...path, zone, index], `"${machine}" is already in ${other}: keep one`));
      }
      zoneOf.set(machine, zone);
    }
  }
  const [first, ...others] = machines.filter((machine) => !zoneOf.has(machine));
  if (first !== undefined) {
    const who = others.length === 0 ? `"${first}" is` : `"${first}" and ${others.length} more are`;
    found.push(problem(path, `${who} in no zone: put every machine in one`));
  }
  return found;
}

/** The name of a machine or a zone, or "*". */
export function checkPlace(path: Path, name: string, { machines, zones = {} }: Cluster): Finding[] {
  if (name === ANYWHERE || Object.hasOwn(zones, name)) return [];
  return checkName(path, "machines and zones", name, [...Object.keys(zones), ...machines]);
}

/** A name or several, or none. */
export function checkPlaces(
  path: Path,
  names: string | readonly string[] | undefined,
  cluster: Cluster,
): Finding[] {
  if (names === undefined) return [];
  if (typeof names === "string") return checkPlace(path, names, cluster);
  return names.flatMap((name, index) =>
    checkPlace(names.length === 1 ? path : [...path, index], name, cluster),
  );
}

/** @param checkLatency for models with the field names of a scenario, or of a plan */
export function checkNetwork(
  network: Omit<NetworkOptions, "zones">,
  cluster: Cluster,
  checkLatency: (path: Path, model: LatencyModel) => Finding[],
): Finding[] {
  const { latency, crossZone, links = [] } = network;
  const found = checkLatency(["network", "latency"], latency);
  if (crossZone !== undefined) {
    const path = ["network", "crossZone"];
    if (Object.keys(cluster.zones ?? {}).length < 2) {
      const message = "there are no two zones: say in cluster.zones which machines are where";
      found.push({ path, at: "key", message });
    }
    if (crossZone.latency !== undefined) found.push(...checkLatency([...path, "latency"], crossZone.latency));
  }
  for (const [index, { from, to, ...rule }] of links.entries()) {
    const path = ["network", "links", index];
    found.push(...checkPlace([...path, "from"], from, cluster), ...checkPlace([...path, "to"], to, cluster));
    if (rule.latency !== undefined) found.push(...checkLatency([...path, "latency"], rule.latency));
    if (Object.keys(rule).length === 0) {
      found.push(problem(path, "changes nothing: expected what is different on these links, such as loss"));
    }
  }
  return found;
}
