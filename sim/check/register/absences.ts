import type { Operation } from "../../run/history.ts";
import { expiryOf, mayExpire } from "../operation-times.ts";
import type { RegisterOperation } from "./register-operation.ts";
import { type Cluster, isForward } from "./register-zones.ts";
import { runningBest } from "./running-best.ts";
import { countBelow } from "./sorted-search.ts";
import type { Span } from "./window-cover.ts";

/** When one key may be absent, as register-misses.ts explains. Built in O(n log n), asked in O(log n). */
export interface Absences {
  /** What may make the key absent at one moment of its own choice, outside of all forward zones. */
  readonly sources: readonly AbsenceSource[];
  /** The span in which a miss needs a source; null when the beginning or an expiry explains it anyway. */
  windowOf(miss: Operation): MissWindow | null;
  /** What replaces a value, when that is put as late as it can be; null when nothing need replace it. */
  replacementOf(cluster: Cluster): Cluster | null;
}

/** A delete, or a write that may take effect when its value has expired already. */
export interface AbsenceSource extends Span {
  readonly cluster: Cluster;
}

export interface MissWindow extends Span {
  readonly miss: Operation;
  /** What was there before: the source must come after it. */
  readonly follows: Cluster;
}

/**
 * @param clusters those of one key, without a zone conflict
 * @param allowanceUs how much earlier than its time to live a value may be missed; if above zero, it may also be
 *   found again after that, as register-misses.ts says, and so may one that was touched
 */
export function createAbsences(clusters: readonly Cluster[], allowanceUs: number): Absences {
  const zones = layForwardZones(clusters);
  const { sources, blips } = sortBackwardZones(clusters, zones, allowanceUs);
  const values = [...blips, ...zones.all];

  // Whatever certainly began before a miss was called must be removed, or have expired, before that miss. Of
  // all these the one whose last operation is called latest says when.
  const lastToRemove = runningBest(
    values,
    ({ earliestEndUs }) => earliestEndUs,
    ({ latestCallUs }) => latestCallUs,
  );
  // Times are negated to ask for what lies after a moment, and for the first instead of the last.
  const firstToEnd = runningBest(
    blips,
    ({ latestCallUs }) => -latestCallUs,
    ({ earliestEndUs }) => -earliestEndUs,
  );

  function replacementOf(cluster: Cluster): Cluster | null {
    const fromUs = isForward(cluster) ? cluster.earliestEndUs : zones.beginOrSame(cluster.earliestEndUs);
    const zone = zones.firstFrom(isForward(cluster) ? cluster.latestCallUs : fromUs);
    const blip = firstToEnd.below(-fromUs);
    if (zone === null || blip === null) return zone ?? blip;
    return blip.earliestEndUs < zone.earliestEndUs ? blip : zone;
  }

  const expiries = runningBest(
    values.filter((value) => mayExpire(lastOf(value))).flatMap(spanOf),
    ({ fromUs }) => fromUs,
    ({ untilUs }) => untilUs,
  );
  function spanOf(value: Cluster): Span[] {
    const expiry = expiryOf(lastOf(value), allowanceUs);
    const fromUs = expiry.isFinal
      ? Math.max(expiry.fromUs, value.latestCallUs)
      : zones.endOfOther(expiry.fromUs, value);
    const untilUs = replacementOf(value)?.earliestEndUs ?? Number.POSITIVE_INFINITY;
    return fromUs <= untilUs ? [{ fromUs, untilUs }] : [];
  }

  return {
    sources,
    replacementOf,
    windowOf(miss) {
      const follows = lastToRemove.below(miss.callUs);
      if (follows === null) return null;
      const expiry = expiries.upTo(miss.returnUs);
      if (expiry !== null && expiry.untilUs >= miss.callUs) return null;
      return { miss, follows, fromUs: follows.latestCallUs, untilUs: zones.beginOrSame(miss.returnUs) };
    },
  };
}

/** The write whose value is there when nothing else follows. */
function lastOf({ write, last = write }: Cluster): RegisterOperation {
  return last;
}

interface ForwardZones {
  readonly all: readonly Cluster[];
  /** The first zone that begins at the moment or later. */
  firstFrom(us: number): Cluster | null;
  /** The moment itself or, strictly inside a zone, that zone's beginning. */
  beginOrSame(us: number): number;
  /** The moment itself or, strictly inside a zone, that zone's end. */
  endOrSame(us: number): number;
  /** The same, where the zone of one's own does not count. */
  endOfOther(us: number, own: Cluster): number;
}

function layForwardZones(clusters: readonly Cluster[]): ForwardZones {
  const all = clusters.filter(isForward).sort((a, b) => a.earliestEndUs - b.earliestEndUs);
  const beginnings = all.map(({ earliestEndUs }) => earliestEndUs);

  function around(us: number): Cluster | null {
    const zone = all[countBelow(beginnings, us) - 1];
    return zone !== undefined && us < zone.latestCallUs ? zone : null;
  }
  return {
    all,
    firstFrom: (us) => all[countBelow(beginnings, us)] ?? null,
    beginOrSame: (us) => around(us)?.earliestEndUs ?? us,
    endOrSame: (us) => around(us)?.latestCallUs ?? us,
    endOfOther(us, own) {
      const zone = around(us);
      return zone === null || zone === own ? us : zone.latestCallUs;
    },
  };
}

/** Parts the backward zones into those that can make the key absent and those that put a value there. */
function sortBackwardZones(clusters: readonly Cluster[], zones: ForwardZones, allowanceUs: number) {
  const sources: AbsenceSource[] = [];
  const blips: Cluster[] = [];
  for (const cluster of clusters) {
    if (isForward(cluster)) continue;
    const { write, latestCallUs, earliestEndUs } = cluster;
    const expiry = expiryOf(lastOf(cluster), allowanceUs);
    const isDelete = write.kind === "delete";
    const absentFromUs = isDelete ? write.callUs : expiry.fromUs;
    // With an allowance the hits of a value may come after the first miss.
    const fromUs = zones.endOrSame(
      isDelete || expiry.isFinal ? Math.max(latestCallUs, absentFromUs) : absentFromUs,
    );
    const untilUs = zones.beginOrSame(earliestEndUs);
    // A write that may take effect when its value has expired already acts as a delete, and never undoes one.
    if (absentFromUs < Number.POSITIVE_INFINITY && fromUs <= untilUs) {
      sources.push({ cluster, fromUs, untilUs });
    } else {
      blips.push(cluster);
    }
  }
  return { sources, blips };
}
