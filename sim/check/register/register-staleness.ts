import type { Operation } from "../../run/history.ts";
import { withoutConditions } from "./as-register.ts";
import { compareByTime } from "../certificate.ts";
import { countDominated } from "./count-dominated.ts";
import { effectEndUs } from "../operation-times.ts";
import { type Cluster, findZoneConflict, gatherClusters, type RegisterConflict } from "./register-zones.ts";
import type { RegisterOperation } from "./register-operation.ts";
import { runningBest } from "./running-best.ts";

/** How far from linearizable the hits of one register are. Misses say nothing here. */
export interface Staleness {
  /**
   * The smallest Δ, in whole microseconds, for which the history would be linearizable if every get had been called Δ
   * earlier: what a client finds was right at some moment within the last Δ (Golab, Li and Shah, PODC 2011). 0 for a
   * history that is linearizable.
   */
  readonly deltaUs: number;
  /** The get that finds what was replaced longest ago; null when there is none that certainly does. */
  readonly oldest: StaleRead | null;
  /** The get that finds what was replaced most often. */
  readonly mostBehind: StaleRead | null;
}

/** A get of a value that had certainly been replaced. */
export interface StaleRead {
  readonly read: Operation;
  readonly write: Operation;
  /** Of the writes that were called after that one had ended, the one that ended first. */
  readonly replacedBy: Operation;
  /** How long before the get was called that had ended. */
  readonly byUs: number;
  /** How many such writes had ended by then: the get is (k + 1)-stale. */
  readonly versions: number;
}

/**
 * Measures one register in O(n log n) for each of the about 40 values of Δ that are tried. Compare-and-sets count as
 * sets.
 *
 * @returns the conflict when no Δ would help: a value that nobody wrote, or that was read before its write was called
 */
export function measureStaleness(operations: readonly RegisterOperation[]): Staleness | RegisterConflict {
  const plain = withoutConditions(operations);
  const register = gatherClusters(plain);
  if ("condition" in register) return register;
  const stale = staleReads(plain);
  const most = (rank: (read: StaleRead) => number): StaleRead | null =>
    stale.reduce<StaleRead | null>(
      (best, each) => (best === null || rank(each) > rank(best) ? each : best),
      null,
    );
  return {
    deltaUs: smallestDelta(register.clusters),
    oldest: most(({ byUs }) => byUs),
    mostBehind: most(({ versions }) => versions),
  };
}

/** A conflict that one Δ removes stays away with every greater one, and the age of the oldest read removes all. */
function smallestDelta(clusters: readonly Cluster[]): number {
  // What was there in the beginning has no call; nothing need be earlier than the first moment of all.
  const moments = clusters.flatMap(({ write, earliestEndUs }) => [write.callUs, earliestEndUs]);
  const firstUs = moments.filter(Number.isFinite).reduce((first, us) => Math.min(first, us), Infinity);
  const ages = clusters.map(({ write, latestCallUs }) => latestCallUs - Math.max(write.callUs, firstUs));
  let enough = Math.ceil(ages.filter(Number.isFinite).reduce((most, age) => Math.max(most, age), 0));
  let tooLittle = -1;
  while (enough - tooLittle > 1) {
    const deltaUs = Math.floor((tooLittle + enough) / 2);
    if (findZoneConflict(clusters.map((cluster) => calledEarlier(cluster, deltaUs))) === null)
      enough = deltaUs;
    else tooLittle = deltaUs;
  }
  return enough;
}

function calledEarlier(cluster: Cluster, deltaUs: number): Cluster {
  return { ...cluster, latestCallUs: Math.max(cluster.write.callUs, cluster.latestCallUs - deltaUs) };
}

/** Every get of one register that certainly finds what was replaced, in time order. O(n log n). */
export function staleReads(operations: readonly Operation[]): StaleRead[] {
  const writes = operations.filter(({ kind, result }) => kind !== "get" && result !== "fail");
  const writeOf = new Map<string | null, Operation>();
  for (const write of writes) if (write.kind === "set") writeOf.set(write.value, write);
  // Times are negated to ask for what was called after a moment, and for what ended first.
  const firstToEnd = runningBest(
    writes,
    ({ callUs }) => -callUs,
    (write) => -effectEndUs(write),
  );
  const found = [...operations].sort(compareByTime).flatMap((read) => {
    if (read.kind !== "get" || read.result !== "ok" || read.value === null) return [];
    const write = writeOf.get(read.value);
    if (write === undefined) return [];
    const replacedBy = firstToEnd.below(-effectEndUs(write));
    if (replacedBy === null || effectEndUs(replacedBy) >= read.callUs) return [];
    return [{ read, write, replacedBy, byUs: read.callUs - effectEndUs(replacedBy) }];
  });
  const versions = countDominated(
    writes.map((write) => ({ x: -write.callUs, y: effectEndUs(write) })),
    found.map(({ read, write }) => ({ x: -effectEndUs(write), y: read.callUs })),
  );
  return found.map((each, index) => ({ ...each, versions: versions[index] ?? 0 }));
}
