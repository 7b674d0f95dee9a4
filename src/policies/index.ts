import { abd } from "./abd.ts";
import type { Policy } from "./policy.ts";
import { quorum } from "./quorum.ts";
import { seed } from "./seed.ts";

/** Every policy that comes with the cache, the baseline first. */
export const policies: readonly Policy[] = [seed, abd, quorum];

/** The policy of that name, if it is one of those. */
export function policyNamed(name: string): Policy | undefined {
  return policies.find((policy) => policy.name === name);
}
