import type { CacheError } from "../errors.ts";
import type { HitSource } from "../observe/events.ts";

/** A value that was found. */
interface FoundValue<T> {
  readonly value: T;
  /** Whether this node held the value itself. */
  readonly source: HitSource;
  /** Names the write that the value came from; null where the policy has no versions. */
  readonly version: string | null;
}

export interface Hit<T> extends FoundValue<T> {
  readonly status: "hit";
  /** Only of a near copy: the value may have been replaced, but not longer ago than this. */
  readonly staleMsMax?: number | undefined;
}

/** Its time to be loaded anew has come, and it is being loaded. */
export interface Stale<T> extends FoundValue<T> {
  readonly status: "stale";
}

/** What became of a compare-and-set. */
export type Swap<T = unknown> =
  | {
      readonly isSet: true;
      /** Names what was set. */
      readonly version: string | null;
    }
  /** Another version was there, and nothing has changed. */
  | {
      readonly isSet: false;
      /** The version that was there instead; null for none. */
      readonly version: string | null;
      /** The value of that version, to try again without another read; undefined for none. */
      readonly value: T | undefined;
    };

/** What became of a lookup. A miss is knowledge (there is no value); unavailable is the lack of it. */
export type Lookup<T = unknown> =
  | Hit<T>
  | { readonly status: "miss" }
  /** A loader has said, not long ago, that there is no value. */
  | { readonly status: "negative" }
  | { readonly status: "unavailable"; readonly error: CacheError };

/** What became of a lookup that may load. */
export type Loaded<T = unknown> =
  | Hit<T>
  | Stale<T>
  | {
      readonly status: "loaded";
      readonly value: T;
      /** False when the cache could not keep it, or not under the guarantee that it replaces nothing newer. */
      readonly isStored: boolean;
    }
  /** There is no value: the loader says so, or has said so not long ago. */
  | { readonly status: "negative" };

/** How the statistics count it. */
export function endOf(status: Lookup["status"] | Loaded["status"]): "hits" | "misses" | "getErrors" {
  if (status === "hit" || status === "stale") return "hits";
  return status === "unavailable" ? "getErrors" : "misses";
}
