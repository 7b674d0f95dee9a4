import { type CacheRecord, isForgotten } from "../record.ts";
import type { CacheState } from "../state.ts";
import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";

/**
 * Drops what expired or was deleted longer than the grace ago. Before that such a record is still needed: it
 * keeps an older one, on a node that missed it, from coming back. O(records) a round.
 */
export function createExpiryProcess(kit: BackgroundKit): BackgroundProcess {
  const { clock, state, timing } = kit;
  return createPeriodicProcess({
    name: "expiry",
    emit: kit.emit,
    reminder: "cleanup_expired",
    everyMs: timing.expiryMs,
    firstMs: somewhereWithin(timing.expiryMs, kit.random),
    work() {
      const before = state.deref();
      const after = dropForgotten(before, clock.now().wallMs, timing.graceMs);
      if (after === before) return;
      state.reset(after);
      const evictions = before.records.size - after.records.size;
      kit.emit({ type: "cache.cleanup.completed", operation: null, evictions });
    },
  });
}

/** The state without the records that are past their grace; the same state when there is none. */
function dropForgotten(state: CacheState, wallMs: number, graceMs: number): CacheState {
  const records = state.records.filter((record: CacheRecord) => !isForgotten(record, wallMs, graceMs));
  const dropped = state.records.size - records.size;
  if (dropped === 0) return state;
  return { ...state, records, stats: { ...state.stats, expirations: state.stats.expirations + dropped } };
}
