import type { PolicyCard } from "./system.ts";

/**
 * Which promises of a policy ended in a run, and by what: a probe in the system's code that fired, such as that of a
 * failover. A violation that comes under one of them is a measurement, as if the policy had not promised it; in all
 * other runs it is a failure.
 *
 * @param reached the probes that fired
 * @returns the probe that ended the promise of an invariant; undefined while it holds, or when there never was one
 */
export function endedPromises(
  card: PolicyCard | undefined,
  reached: ReadonlySet<string>,
): (invariant: string) => string | undefined {
  const conditions = Object.entries(card?.promisesUntil ?? {});
  const always = card?.promises ?? [];
  return (invariant) => {
    if (always.includes(invariant)) return undefined;
    return conditions.find(([probe, promises]) => reached.has(probe) && promises?.includes(invariant))?.[0];
  };
}

/** What a policy promises in some runs only. */
export function promisedUntil({ promisesUntil = {} }: PolicyCard): readonly string[] {
  return Object.values(promisesUntil).flatMap((conditional) => conditional ?? []);
}
