import type { CacheOptions } from "./options.ts";
import type { PolicyPromise } from "./policies/policy.ts";

/**
 * What evicting takes away: a value may be gone at any time, at one replica before another, so a miss tells nothing
 * of the past. What is hit is still never older than the last acknowledged write.
 */
const LOST_BY_EVICTION: readonly PolicyPromise[] = [
  "linearizable",
  "acknowledged-writes-survive",
  "replicas-converge",
];

/** What a near copy takes away: it may have been replaced, for no longer than its bound. */
const LOST_BY_NEAR_COPIES: readonly PolicyPromise[] = ["linearizable"];

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
