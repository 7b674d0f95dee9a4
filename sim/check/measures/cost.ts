import type { Outcome } from "../../run/outcome.ts";
import { type Figure, ratio, value } from "./figure.ts";

/** Messages sent for each operation: all of the run, background work and repetitions included. */
export function messagesPerOperation({ statistics: { network, operations } }: Outcome): Figure {
  return ratio(network.sent, operations.total);
}

/** Bytes sent for each operation, as above. */
export function bytesPerOperation({ statistics: { network, operations } }: Outcome): Figure {
  return ratio(network.bytes, operations.total);
}

/**
 * How unevenly messages arrive at the members: the most that arrived at one machine, over the mean. 1 when all get
 * the same; null when none got any.
 */
export function loadSkew({ statistics: { arrivals } }: Outcome): Figure {
  const counts = Object.values(arrivals);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return value(total === 0 ? null : (Math.max(...counts) * counts.length) / total);
}

/** The most records, tombstones included, that a machine held at any time; null when no machine says. */
export function recordsPeak({ record: { accounts } }: Outcome): Figure {
  const levels = accounts.flatMap(({ peaks }) =>
    peaks.filter(({ name }) => name === "records").map(({ level }) => level),
  );
  return value(levels.length === 0 ? null : Math.max(...levels));
}

/** Records, tombstones included, that a machine holds at the end. */
export function recordsHeld({ record: { machines } }: Outcome): Figure {
  const up = machines.filter(({ isUp }) => isUp);
  return ratio(
    up.reduce((sum, { replicas }) => sum + replicas.length, 0),
    up.length,
  );
}
