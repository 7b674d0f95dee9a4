import type { Operation } from "../../run/history.ts";
import { type AbsenceSource, createAbsences, type MissWindow } from "./absences.ts";
import { inTimeOrder } from "../certificate.ts";
import { type Cluster, witnesses } from "./register-zones.ts";
import { findShortage, type Shortage } from "./window-cover.ts";

/**
 * Can the misses of one register be right, when nothing is ever evicted? O(n log n).
 *
 * A miss is right at a moment at which the key is absent. Absence begins at one of three *sources* and lasts
 * until the next value:
 * - the beginning of the history;
 * - a delete (acknowledged or indeterminate), at any one moment between its call and its end;
 * - an expiry: a value with a time to live may be gone from call + ttl on, if nothing replaced it before. Once
 *   gone it does not come back. (That it *must* be gone some time later is another check's business.)
 *
 * Many deletes write the same "absent", so the theory of unique values does not apply, and with repeated
 * values the general problem is NP-complete (Gibbons and Korach 1997). With absence as the only repeated value
 * it is a scheduling problem instead. Zones are those of register-zones.ts, which must have found no conflict.
 *
 * 1. A source at moment p keeps the key absent until e(p) = the first of: the beginning of the next forward
 *    zone; the earliest end of a backward zone that begins after p. Every backward zone that begins at p or
 *    earlier can be put just before the source, every one that ends later, after.
 * 2. So a miss [c, r] is served by a source at p exactly if p <= r and e(p) >= c. As e never decreases, that
 *    is a *window* lo(c) <= p <= r, where lo(c) is the latest beginning of a backward zone, or end of a forward
 *    zone, that the source must follow: backward zones with f < c, forward zones with f < c.
 * 3. What remains: every delete has an interval and takes one moment of it; every window needs a delete in it.
 *    Deletes with the earliest end first, each as late as possible, is optimal by the usual exchange: later
 *    serves all windows still open, and the delete that is kept can do whatever the spent one could.
 *
 * Example: set a 0..1, delete 2..9, get miss 3..4, set b 5..6, get miss 7..8. Each miss alone is right: delete
 * before 4, or between 5 and 8. Together they are wrong: the second window is [5, 8], since b, which ended
 * before 7, can only be gone through a delete after 5; the first is [0, 4]; there is one delete.
 *
 * Exact when no value has a time to live. With them, never a false alarm, and exact unless a value with a ttl,
 * whose operations all share some moment before it may expire, is concurrent with another source of absence.
 * Such a value either ends an absence there and begins one when it expires, or does neither; this check lets it
 * begin one without ending one. What then goes unnoticed: set a 5..7 ttl 4, set b 5..8 ttl 7, set c 8..10, get
 * miss 9..11, get miss 17..18. The second miss needs b last (c never expires), hence b at 8, but then b is
 * there from 8 to 12 and the first miss is wrong. Each miss alone is right.
 *
 * With clocks that differ, each machine has a moment of its own at which a value expires. So from call + ttl less
 * the allowance on, a value with a time to live may be missed and found in turn until it is replaced: a miss neither
 * needs it gone nor makes it so. (Until when it may be found is the business of `no-expired-hit`.) Three things
 * change. A miss is explained by any moment at which the value may be both the newest and that old, also amid its
 * hits. A value whose operations all share a moment becomes a source from that age on, though some of its hits come
 * later. And a value may be old at once, when the allowance is no shorter than its time to live.
 *
 * Still never a false alarm. What may go unnoticed is more of the same: two misses that are right each alone, but
 * only with two overlapping writes in opposite orders. Allowance 1: set a 8..11 ttl 6, set b 9..12 ttl 8, set c
 * 12..13, get miss 13..15, get miss 15..18. The first needs c at 13, after both; the second needs b after c, at 12.
 */
export interface MissConflict {
  /** Misses whose windows do not overlap... */
  readonly misses: readonly Operation[];
  /** ...and one source less than misses: all the deletes and expired writes that reach into the windows. */
  readonly sources: readonly Operation[];
  /** What had been there before each miss, in the order of the misses. */
  readonly removed: readonly Cluster[];
  /** The certificate: everything above, in time order. Alone it is already impossible. */
  readonly operations: readonly Operation[];
}

export function findMissConflict(
  clusters: readonly Cluster[],
  misses: readonly Operation[],
  allowanceUs = 0,
): MissConflict | null {
  if (misses.length === 0) return null;
  const shortage = findUnexplained(clusters, misses, allowanceUs);
  if (shortage === null) return null;
  const wrong = shortage.windows.map(({ miss }) => miss);
  const removed = shortage.windows.map(({ follows }) => follows);
  const sources = shortage.sources.map(({ cluster }) => cluster);
  const shown = [...withReplacements(clusters, removed, sources, wrong, allowanceUs), ...sources];
  return {
    misses: wrong,
    sources: sources.map(({ write }) => write),
    removed,
    operations: inTimeOrder([...wrong, ...shown.flatMap(witnesses)]),
  };
}

function findUnexplained(
  clusters: readonly Cluster[],
  misses: readonly Operation[],
  allowanceUs: number,
): Shortage<MissWindow, AbsenceSource> | null {
  const absences = createAbsences(clusters, allowanceUs);
  const windows: MissWindow[] = [];
  for (const miss of misses) {
    const window = absences.windowOf(miss);
    if (window !== null) windows.push(window);
  }
  return findShortage(windows, absences.sources);
}

/**
 * The clusters that make the misses impossible even when taken alone. A value among those removed may expire
 * once it stands alone, though in truth it had been replaced before: then what replaced it belongs to the
 * certificate, and what replaced that, and so on.
 */
function withReplacements(
  clusters: readonly Cluster[],
  removed: readonly Cluster[],
  sources: readonly Cluster[],
  misses: readonly Operation[],
  allowanceUs: number,
): ReadonlySet<Cluster> {
  const absences = createAbsences(clusters, allowanceUs);
  const shown = new Set(removed);
  while (findUnexplained([...new Set([...shown, ...sources])], misses, allowanceUs) === null) {
    const known = Array.from(shown);
    for (const cluster of known) {
      const replacement = absences.replacementOf(cluster);
      if (replacement !== null) shown.add(replacement);
    }
    // Rarely it takes what bounds a value from below; then the whole key is shown.
    if (shown.size === known.length) for (const cluster of clusters) shown.add(cluster);
  }
  return shown;
}
