import type { Atom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import { type CacheRecord, isForgotten, isNewer } from "./record.ts";
import { type CacheState, copyOf } from "./state.ts";

/** The records of one replica. Keeps for each key the newest version it was ever given. */
export interface Store {
  /** What is held of the key, live or not; but not what is past its grace. */
  get(key: string): CacheRecord | undefined;
  /** True while there is no room for another key. */
  isFull(): boolean;
  /**
   * Keeps the record unless a newer one is held already. False when its key is new and there is no room:
   * nothing is evicted for it, since a replica that forgets what it confirmed breaks the quorum it was part of.
   */
  apply(record: CacheRecord): boolean;
  /** The same for many, in one change, leaving out what is past its grace. True when there was room for all. */
  applyAll(records: readonly CacheRecord[]): boolean;
  /** Whether `apply` would change anything. */
  wants(record: CacheRecord): boolean;
  /** The records that `applyAll` would keep, or would if there were room. */
  wanted(records: readonly CacheRecord[]): readonly CacheRecord[];
}

export interface StoreOptions {
  readonly recordsMax: number;
  /** How long expired and deleted records are kept. */
  readonly graceMs: number;
  /** Told of every change, and of the keys that are all it changed. */
  readonly onChange?: ((keys: readonly string[], before: Records, after: Records) => void) | undefined;
}

type Records = CacheState["records"];

export function createStore(state: Atom<CacheState>, clock: Clock, options: StoreOptions): Store {
  const { recordsMax, graceMs, onChange } = options;

  /** Whether the record must be kept instead of what is held now. */
  function isWanted(record: CacheRecord, held: CacheRecord | undefined, wallMs: number): boolean {
    return held === undefined || isNewer(record, held) || isForgotten(held, wallMs, graceMs);
  }

  return {
    get(key) {
      const record = state.deref().records.get(key);
      if (record === undefined || isForgotten(record, clock.now().wallMs, graceMs)) return undefined;
      return record;
    },
    isFull: () => state.deref().records.size >= recordsMax,
    apply(record) {
      const current = state.deref();
      const held = current.records.get(record.key);
      if (!isWanted(record, held, clock.now().wallMs)) return true;
      if (held === undefined && current.records.size >= recordsMax) return false;
      const next = copyOf(current);
      next.records = current.records.set(record.key, record);
      state.reset(next);
      onChange?.([record.key], current.records, next.records);
      return true;
    },
    applyAll(records) {
      const { wallMs } = clock.now();
      let hadRoom = true;
      const current = state.deref();
      const kept: string[] = [];
      const next = current.records.withMutations((draft) => {
        for (const record of records) {
          const held = draft.get(record.key);
          if (!isWanted(record, held, wallMs) || isForgotten(record, wallMs, graceMs)) continue;
          if (held === undefined && draft.size >= recordsMax) hadRoom = false;
          else {
            draft.set(record.key, record);
            kept.push(record.key);
          }
        }
      });
      if (next !== current.records) {
        state.reset({ ...current, records: next });
        onChange?.(kept, current.records, next);
      }
      return hadRoom;
    },
    wants(record) {
      const { records } = state.deref();
      const held = records.get(record.key);
      return isWanted(record, held, clock.now().wallMs) && (held !== undefined || records.size < recordsMax);
    },
    wanted(records) {
      const { wallMs } = clock.now();
      const held = state.deref().records;
      return records.filter(
        (record) => isWanted(record, held.get(record.key), wallMs) && !isForgotten(record, wallMs, graceMs),
      );
    },
  };
}
