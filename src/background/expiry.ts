import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";
import { createSettling } from "./settling.ts";

/**
 * Drops what expired or was deleted longer than the grace ago: where keys have owners when these agree (see
 * `settling.ts`), otherwise by time alone. O(records) a round.
 */
export function createExpiryProcess(kit: BackgroundKit): BackgroundProcess {
  const { timing, store } = kit;
  const drop = kit.hasFixedOwners ? createSettling(kit) : () => store.dropForgotten();
  return createPeriodicProcess({
    name: "expiry",
    emit: kit.emit,
    reminder: "cleanup_expired",
    everyMs: timing.expiryMs,
    firstMs: somewhereWithin(timing.expiryMs, kit.random),
    work() {
      const evictions = drop();
      if (evictions > 0) kit.emit({ type: "cache.cleanup.completed", operation: null, evictions });
    },
  });
}
