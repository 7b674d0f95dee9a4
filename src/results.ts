import type { CacheError } from "./errors.ts";
import type { HitSource } from "./events.ts";

/** What became of a compare-and-set. */
export interface Swap {
  /** False: another version was there, and nothing has changed. */
  readonly isSet: boolean;
  /** The version that is there now: of the value that was set, or of the other one; null for none. */
  readonly version: string | null;
}

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
