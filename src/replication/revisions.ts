/**
 * Versions of what follows from a write that was met: a touch, or a value that was loaded in its place.
 *
 * They keep the write's place in the order. Were they only above its counter, one that follows a write could come
 * after another write of the same counter by another node, which was acknowledged meanwhile, and bring back what that
 * one had replaced.
 *
 * Whoever fills has met a value that is over, or none. So a fill comes above every touch of that value: one that was
 * still under way when the value ended must not bring it back.
 */
import type { Version } from "../local/version.ts";

export interface Revisions {
  /**
   * A version that no other revision has, newer than `seen` and older than every other write that is.
   * @param seen null where nothing was met: older than every write
   */
  after(seen: Version | null, reason: "touch" | "fill"): Version;
}

/** How much a fill adds to the number of what it follows; a touch adds less. */
const FILL_STEP = 4_294_967_296;

export function createRevisions(self: string, incarnation: number): Revisions {
  /** Of all keys together, so that two for the same write never have the same number. */
  let last = 0;
  return {
    after(seen, reason) {
      const met = seen?.revision?.number ?? 0;
      const fills = Math.floor(met / FILL_STEP) + (reason === "fill" ? 1 : 0);
      last = Math.max(last, met % FILL_STEP) + 1;
      const { counter, node, incarnation: life } = seen ?? { counter: 0, node: self, incarnation };
      return {
        counter,
        node,
        incarnation: life,
        revision: { number: fills * FILL_STEP + last, node: self, incarnation },
      };
    },
  };
}
