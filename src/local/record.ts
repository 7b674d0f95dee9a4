import { compareVersions, type Version } from "./version.ts";

/**
 * What a replica keeps of one key: the newest write it has heard of. Immutable; the value is the text it was
 * encoded to when it was set, so that nobody shares an object with the caller.
 */
export interface CacheRecord {
  readonly key: string;
  readonly version: Version;
  /** JSON text, or null for a tombstone: the key was deleted. */
  readonly value: string | null;
  /**
   * Time in milliseconds from which the value may no longer be served; for a tombstone, the time of the delete. It is
   * wall time or the holder's own monotonic time: see `TtlClock`. It belongs to the version: copying a record never
   * extends it.
   */
  readonly expireAtMs: number;
  /** Which operation wrote it, as the coordinator (the version's node and life) numbers its own. */
  readonly operation: number;
}

/** True while the record's value may be served. */
export function isLive(record: CacheRecord, nowMs: number): boolean {
  return record.value !== null && nowMs < record.expireAtMs;
}

/**
 * True when the record has been expired, or deleted, for longer than the grace: nobody needs it any more. Whoever
 * meets one treats it as absent, or those who have dropped it would get it back from those who have not, in turn.
 */
export function isForgotten(record: CacheRecord, nowMs: number, graceMs: number): boolean {
  return record.expireAtMs + graceMs <= nowMs;
}

/** True when `candidate` must replace what is held. */
export function isNewer(candidate: CacheRecord, held: CacheRecord): boolean {
  return compareVersions(candidate.version, held.version) > 0;
}

/** The id under which an operation stands in the audit log: `node@incarnation#number`. */
export function operationId(node: string, incarnation: number, number: number): string {
  return `${node}@${incarnation}#${number}`;
}
