import type { CacheOptions } from "../options.ts";
import type { PolicyPromise } from "../policies/policy.ts";

/**
 * What evicting takes away: a value may be gone at any time, at one replica before another, so a miss tells nothing
 * of the past. What is hit is still never older than the last acknowledged write.
 */
const LOST_BY_EVICTION: readonly PolicyPromise[] = [
  "linearizable",
  "regular",
  "read-your-writes",
  "monotonic-reads",
  "writes-follow-reads",
  "acknowledged-writes-survive",
  "replicas-converge",
  "replication-factor",
];

/**
 * What a near copy takes away: it may have been replaced or deleted, for no longer than its bound. A client that stays
 * with one node keeps reading its own writes, and nothing older than it has read; one that moves does not.
 */
const LOST_BY_NEAR_COPIES: readonly PolicyPromise[] = [
  "linearizable",
  "regular",
  "read-your-writes",
  "monotonic-reads",
  "writes-follow-reads",
  "no-resurrection",
  // The write does survive; but what is read right after it may be older, and then who reads it cannot know that.
  "acknowledged-writes-survive",
];

/** What is left of the policy's promises with these options. */
export function promisesOf(
  promises: readonly PolicyPromise[],
  { eviction, nearCopies }: Pick<CacheOptions, "eviction" | "nearCopies">,
): readonly PolicyPromise[] {
  const lost = new Set([
    ...(eviction === "lru" ? LOST_BY_EVICTION : []),
    ...(nearCopies === undefined ? [] : LOST_BY_NEAR_COPIES),
  ]);
  return promises.filter((promise) => !lost.has(promise));
}
