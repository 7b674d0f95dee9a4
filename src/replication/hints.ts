import { type CacheRecord, isNewer } from "../local/record.ts";
import { compareVersions } from "../local/version.ts";

/**
 * Records that an owner of theirs did not confirm, kept for it until it is back. (Hinted handoff: G. DeCandia et al.,
 * "Dynamo: Amazon's Highly Available Key-value Store", SOSP 2007.) A hint saves the owner from being stale until
 * repair finds it out, and nothing else: it is no replica, nobody reads it, and no quorum may count it.
 */
export interface Hints {
  readonly size: number;
  /**
   * False when there is no room: repair has to find out then.
   * @param writtenMs monotonic time at which the write began
   */
  add(owner: string, record: CacheRecord, writtenMs: number): boolean;
  /** For whom there is something. */
  owners(): readonly string[];
  /** What waits for the owner, the oldest first, at most that many. */
  for(owner: string, countMax: number): readonly CacheRecord[];
  /** Gives up what was written before that. */
  dropOlder(oldestMs: number): void;
  /** The owner holds this record, or a newer one. */
  settle(owner: string, record: CacheRecord): void;
}

export function createHints(countMax: number): Hints {
  return new HintsByOwner(countMax);
}

interface Hint {
  readonly record: CacheRecord;
  readonly writtenMs: number;
}

/** A class: each literal with an accessor has a shape of its own, and nodes are looked at after every operation. */
class HintsByOwner implements Hints {
  size = 0;
  private readonly countMax: number;
  private readonly byOwner = new Map<string, Map<string, Hint>>();

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  add(owner: string, record: CacheRecord, writtenMs: number): boolean {
    const records = this.byOwner.get(owner) ?? new Map<string, Hint>();
    const held = records.get(record.key);
    if (held === undefined) {
      if (this.size >= this.countMax) return false;
      this.size++;
    } else if (!isNewer(record, held.record)) return true;
    this.byOwner.set(owner, records.set(record.key, { record, writtenMs }));
    return true;
  }

  owners(): readonly string[] {
    return [...this.byOwner.keys()];
  }

  for(owner: string, countMax: number): readonly CacheRecord[] {
    const records: CacheRecord[] = [];
    for (const { record } of this.byOwner.get(owner)?.values() ?? []) {
      if (records.length === countMax) break;
      records.push(record);
    }
    return records;
  }

  settle(owner: string, { key, version }: CacheRecord): void {
    const records = this.byOwner.get(owner);
    const held = records?.get(key);
    if (records === undefined || held === undefined || compareVersions(held.record.version, version) > 0)
      return;
    this.drop(owner, records, key);
  }

  dropOlder(oldestMs: number): void {
    for (const [owner, records] of this.byOwner) {
      for (const [key, { writtenMs }] of records) if (writtenMs < oldestMs) this.drop(owner, records, key);
    }
  }

  private drop(owner: string, records: Map<string, Hint>, key: string): void {
    records.delete(key);
    this.size--;
    if (records.size === 0) this.byOwner.delete(owner);
  }
}
