import type { Atom } from "@phyxius/atom";
import { createStore, type Store, type StoreOptions } from "../../src/local/store.ts";
import type { CacheRecord, CacheState } from "../../src/index.ts";
import type { NodeParts } from "../../src/node/parts.ts";

/** Drops a key as if it had never been there. */
type Drop = (key: string) => void;

function createDrop(state: Atom<CacheState>, { onChange }: StoreOptions): Drop {
  return (key) => {
    const before = state.deref().records;
    const records = before.delete(key);
    if (records === before) return;
    state.swap((current) => ({ ...current, records }));
    onChange?.([key], before, records);
  };
}

/** What becomes of a key before a record of it is kept, or looked up. */
export interface StoreLie {
  readonly beforeGet?: (held: CacheRecord, nowMs: number) => "drop" | "keep";
  readonly beforeApply?: (held: CacheRecord, nowMs: number, record: CacheRecord) => "drop" | "keep";
  readonly afterApply?: (record: CacheRecord) => "drop" | "keep";
}

/** A store that drops what it must not drop. */
export function forgetful({ beforeGet, beforeApply, afterApply }: StoreLie): NodeParts["createStore"] {
  return (state, ttl, options): Store => {
    const store = createStore(state, ttl, options);
    const drop = createDrop(state, options);

    function prepare(record: CacheRecord): void {
      const held = state.deref().records.get(record.key);
      if (held !== undefined && beforeApply?.(held, ttl.nowMs(), record) === "drop") drop(record.key);
    }

    function finish(record: CacheRecord): void {
      if (afterApply?.(record) === "drop") drop(record.key);
    }

    return {
      ...store,
      get(key) {
        const held = state.deref().records.get(key);
        if (held !== undefined && beforeGet?.(held, ttl.nowMs()) === "drop") drop(key);
        return store.get(key);
      },
      apply(record) {
        prepare(record);
        const isKept = store.apply(record);
        finish(record);
        return isKept;
      },
      applyAll(records) {
        for (const record of records) prepare(record);
        const areKept = store.applyAll(records);
        for (const record of records) finish(record);
        return areKept;
      },
    };
  };
}
