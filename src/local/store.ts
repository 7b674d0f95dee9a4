import type { Atom } from "@phyxius/atom";
import { countEvictions, countExpirations } from "../observe/counting.ts";
import { createLruEvictor, type Eviction } from "./eviction.ts";
import { type CacheRecord, isForgotten, isNewer } from "./record.ts";
import { type CacheState, copyOf } from "../state.ts";
import type { HeldVersion } from "../wire/messages.ts";
import { compareMaybeVersions } from "./version.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";

/** The records of one replica. Keeps for each key the newest version it was ever given. */
export interface Store {
  /** What is held of the key, live or not; but not what is past its grace. */
  get(key: string): CacheRecord | undefined;
  /** True while there is no room for another key. */
  isFull(): boolean;
  /**
   * Keeps the record unless a newer one is held already. False when its key is new and there is no room. Without
   * eviction nothing makes way for it, since a replica that forgets what it confirmed breaks the quorum it was part
   * of; with eviction the value used longest ago does, and leaves its version behind.
   */
  apply(record: CacheRecord): boolean;
  /** The same for many, in one change, leaving out what is past its grace. True when there was room for all. */
  applyAll(records: readonly CacheRecord[]): boolean;
  /** Whether `apply` would change anything. */
  wants(record: CacheRecord): boolean;
  /** The records that `applyAll` would keep, or would if there were room. */
  wanted(records: readonly CacheRecord[]): readonly CacheRecord[];
  /** Drops what is past its grace, where time alone decides. Returns how many that were. O(records). */
  dropForgotten(): number;
  /** Drops the records that are of just these versions. Returns how many that were. */
  drop(held: readonly HeldVersion[]): number;
  /** The highest counter of a version that was dropped, here or at whom this node caught up with; 0 for none. */
  forgotten(): number;
  noteForgotten(counter: number): void;
}

export interface StoreOptions {
  readonly recordsMax: number;
  /** How long expired and deleted records are kept; null for those that are kept until they are dropped. */
  readonly graceMs: number | null;
  /** `refuse` by default. */
  readonly eviction?: Eviction | undefined;
  /** How many records without a value are kept besides, where values are evicted. */
  readonly stubsMax?: number | undefined;
  /** Told of every change but `dropForgotten`, and of the keys that are all it changed, before anybody else hears. */
  readonly onChange?: ((keys: readonly string[], before: Records, after: Records) => void) | undefined;
}

type Records = CacheState["records"];

export function createStore(
  state: Atom<CacheState>,
  ttl: Pick<TtlClock, "nowMs">,
  options: StoreOptions,
): Store {
  const { recordsMax, graceMs, eviction = "refuse", stubsMax = 0, onChange } = options;
  const evictor = eviction === "lru" ? createLruEvictor(recordsMax, state.deref().records) : null;
  const keysMax = evictor === null ? recordsMax : recordsMax + stubsMax;

  function isPast(record: CacheRecord, nowMs: number): boolean {
    return graceMs !== null && isForgotten(record, nowMs, graceMs);
  }

  /** Whether the record must be kept instead of what is held now. */
  function isWanted(record: CacheRecord, held: CacheRecord | undefined, nowMs: number): boolean {
    return held === undefined || isNewer(record, held) || isPast(held, nowMs);
  }

  /** One change of the records, with room made for what came: by values that are evicted. */
  function change(current: CacheState, work: (draft: Records) => string[]): void {
    let changed: string[] = [];
    let evicted: readonly string[] = [];
    const records = current.records.withMutations((draft) => {
      changed = work(draft);
      if (evictor !== null) evicted = evictor.evict(draft);
    });
    if (records === current.records) return;
    const next = copyOf(current);
    next.records = records;
    state.reset(evicted.length === 0 ? next : countEvictions(next, evicted.length));
    onChange?.([...changed, ...evicted], current.records, records);
  }

  return {
    get(key) {
      const record = state.deref().records.get(key);
      if (record === undefined || isPast(record, ttl.nowMs())) return undefined;
      evictor?.noteUsed(key);
      return record;
    },
    isFull: () => state.deref().records.size >= keysMax,
    apply(record) {
      const current = state.deref();
      const held = current.records.get(record.key);
      if (!isWanted(record, held, ttl.nowMs())) return true;
      if (held === undefined && current.records.size >= keysMax) return false;
      if (evictor === null) {
        const next = copyOf(current);
        next.records = current.records.set(record.key, record);
        state.reset(next);
        onChange?.([record.key], current.records, next.records);
        return true;
      }
      evictor.noteHeld(record);
      change(current, (draft) => {
        draft.set(record.key, record);
        return [record.key];
      });
      return true;
    },
    applyAll(records) {
      const nowMs = ttl.nowMs();
      let hadRoom = true;
      change(state.deref(), (draft) => {
        const kept: string[] = [];
        for (const record of records) {
          const held = draft.get(record.key);
          if (!isWanted(record, held, nowMs) || isPast(record, nowMs)) continue;
          if (held === undefined && draft.size >= keysMax) {
            hadRoom = false;
            continue;
          }
          evictor?.noteHeld(record);
          draft.set(record.key, record);
          kept.push(record.key);
        }
        return kept;
      });
      return hadRoom;
    },
    wants(record) {
      const { records } = state.deref();
      const held = records.get(record.key);
      return isWanted(record, held, ttl.nowMs()) && (held !== undefined || records.size < keysMax);
    },
    wanted(records) {
      const nowMs = ttl.nowMs();
      const held = state.deref().records;
      return records.filter(
        (record) => isWanted(record, held.get(record.key), nowMs) && !isPast(record, nowMs),
      );
    },
    dropForgotten() {
      const nowMs = ttl.nowMs();
      const current = state.deref();
      const records = current.records.filter((record) => {
        const isDropped = isPast(record, nowMs);
        if (isDropped) evictor?.noteDropped(record.key);
        return !isDropped;
      });
      const dropped = current.records.size - records.size;
      if (dropped === 0) return 0;
      const next = copyOf(current);
      next.records = records;
      state.reset(countExpirations(next, dropped));
      return dropped;
    },
    drop(held) {
      const current = state.deref();
      const dropped: string[] = [];
      let { forgotten } = current;
      const records = current.records.withMutations((draft) => {
        for (const { key, version } of held) {
          if (compareMaybeVersions(draft.get(key)?.version ?? null, version) !== 0) continue;
          draft.delete(key);
          evictor?.noteDropped(key);
          forgotten = Math.max(forgotten, version.counter);
          dropped.push(key);
        }
      });
      if (dropped.length === 0) return 0;
      const next = copyOf(current);
      next.records = records;
      next.forgotten = forgotten;
      state.reset(countExpirations(next, dropped.length));
      onChange?.(dropped, current.records, records);
      return dropped.length;
    },
    forgotten: () => state.deref().forgotten,
    noteForgotten(counter) {
      const current = state.deref();
      if (counter <= current.forgotten) return;
      const next = copyOf(current);
      next.forgotten = counter;
      state.reset(next);
    },
  };
}
