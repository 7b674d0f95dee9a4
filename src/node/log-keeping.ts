import type { RecordLog } from "../durable/record-log.ts";
import { countDisk } from "../observe/counting.ts";
import type { CacheEvent } from "../observe/events.ts";
import type { Knowledge } from "./knowledge.ts";

/**
 * The log is kept for this node, and hears of what changes in what it knows of lives.
 * @returns a way to end the latter
 */
export function keepLog(
  log: RecordLog,
  { self, incarnation, state, catchUp, incarnations }: Knowledge,
  emit: (event: CacheEvent) => void,
): () => void {
  log.follow({
    life: () => ({
      node: self,
      incarnation,
      isWhole: catchUp.isDone(),
      known: incarnations.restarted,
      membership: state.deref().membership,
      forgotten: state.deref().forgotten,
    }),
    live: () => state.deref().records.values(),
    onFailure(error) {
      state.swap((current) => countDisk(current, "failures"));
      emit({ type: "cache.disk.error", operation: null, error: String(error) });
    },
    onRewritten(bytes) {
      state.swap((current) => countDisk(current, "rewrites"));
      emit({ type: "cache.disk.rewritten", operation: null, bytes });
    },
  });
  return state.watch(({ from, to }) => {
    if (from.catchUp.isDone !== to.catchUp.isDone) log.keepLife(() => {});
  });
}
