import type { Finding } from "./load-problem.ts";
import { checkName, problem } from "./load-names.ts";

interface Cluster {
  readonly machines: readonly string[];
  readonly ttlMode?: "absolute" | "relative" | undefined;
  readonly durability?: "memory" | "journal" | undefined;
  readonly uptimesMs?: Readonly<Record<string, number>> | undefined;
}

/** In whose time values expire, of a scenario's cluster or of a plan's. */
export function checkTtlMode({ machines, ttlMode, durability, uptimesMs = {} }: Cluster): Finding[] {
  const found = Object.keys(uptimesMs).flatMap((machine) =>
    checkName(["cluster", "uptimesMs", machine], "machines", machine, machines),
  );
  if (ttlMode === "relative" && durability === "journal") {
    const message =
      "relative times to live cannot be kept in a journal: nobody knows how long the power was off. " +
      "Take absolute ones, or cluster.durability memory";
    found.push(problem(["cluster", "ttlMode"], message));
  }
  return found;
}
