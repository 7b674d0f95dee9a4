import type { CacheError } from "./errors.ts";
import type { HitSource } from "./events.ts";

/** What became of a lookup. A miss is knowledge (there is no value); unavailable is the lack of it. */
export type Lookup<T = unknown> =
  | {
      readonly status: "hit";
      readonly value: T;
      /** Whether this node held the value itself. */
      readonly source: HitSource;
      /** Names the write that the value came from; null where the policy has no versions. */
      readonly version: string | null;
    }
  | { readonly status: "miss" }
  | { readonly status: "unavailable"; readonly error: CacheError };
