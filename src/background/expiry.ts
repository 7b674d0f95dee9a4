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
  const { timing } = kit;
  return createPeriodicProcess({
    name: "expiry",
    emit: kit.emit,
    reminder: "cleanup_expired",
    everyMs: timing.expiryMs,
    firstMs: somewhereWithin(timing.expiryMs, kit.random),
    work() {
      const evictions = kit.store.dropForgotten();
      if (evictions > 0) kit.emit({ type: "cache.cleanup.completed", operation: null, evictions });
    },
  });
}
