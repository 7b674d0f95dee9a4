import { findMissConflict, type MissConflict } from "./register-misses.ts";
import { findZoneConflict, gatherClusters, loneCluster, type RegisterConflict } from "./register-zones.ts";
import type { RegisterOperation } from "./register-operation.ts";

/**
 * What a miss says:
 * - `strict`: the key was absent, and only the beginning, a delete or an expiry can make it so;
 * - `evictable`: the key was absent, perhaps because it was evicted, and stays so until the next write;
 * - `uninformative`: nothing, as in a cache whose tiers miss each on their own. A cache that always misses
 *   passes, so demand a rate of hits too.
 */
export type MissMode = "strict" | "evictable" | "uninformative";

/**
 * The whole check of one register whose written values are unique: hits and compare-and-sets by their zones, misses as
 * the mode says. O(n log n).
 *
 * @param allowanceUs how much earlier than its time to live a value may be missed
 * @throws when two writes have the same value
 */
export function findRegisterConflict(
  operations: readonly RegisterOperation[],
  mode: MissMode,
  allowanceUs: number,
): RegisterConflict | MissConflict | null {
  const register = gatherClusters(operations);
  if ("condition" in register) return register;

  // An eviction that a get saw is the write of an absence that only this get returned.
  const evictions = mode === "evictable" ? register.misses.map(loneCluster) : [];
  const clusters = [...register.clusters, ...evictions];
  const zones = findZoneConflict(clusters);
  if (zones !== null || mode !== "strict") return zones;
  return findMissConflict(clusters, register.misses, allowanceUs);
}
