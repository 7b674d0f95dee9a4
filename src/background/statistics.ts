import { reportStatistics } from "../state.ts";
import {
  type BackgroundKit,
  type BackgroundProcess,
  createPeriodicProcess,
  somewhereWithin,
} from "./background.ts";

/** Writes the statistics into the audit log, every round. */
export function createStatisticsProcess(kit: BackgroundKit): BackgroundProcess {
  const { statisticsMs } = kit.timing;
  return createPeriodicProcess({
    name: "statistics",
    emit: kit.emit,
    reminder: "aggregate_stats",
    everyMs: statisticsMs,
    firstMs: somewhereWithin(statisticsMs, kit.random),
    work() {
      const stats = reportStatistics(kit.state.deref());
      kit.emit({ type: "cache.stats.snapshot", operation: null, stats });
    },
  });
}
