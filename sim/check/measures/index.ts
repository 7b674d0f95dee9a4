import {
  availability,
  faultAvailability,
  majoritySideAvailability,
  minoritySideAvailability,
  readAvailability,
  writeAvailability,
} from "./availability.ts";
import { bytesPerOperation, loadSkew, messagesPerOperation, recordsHeld, recordsPeak } from "./cost.ts";
import { hitRatio } from "./hits.ts";
import { readLatency, writeLatency } from "./latency.ts";
import { brokenKeys, expiredKeys, lostWrites } from "./losses.ts";
import type { Measure, Need } from "./measure.ts";
import { convergenceTime, hasNotRecovered, readOutage, recoveryTime, writeOutage } from "./recovery.ts";
import { behindBy, oldestHit, staleAfter, staleAge, staleHits, versionsBehind } from "./staleness.ts";

const QUANTILES = [
  ["p50", 0.5],
  ["p90", 0.9],
  ["p99", 0.99],
  ["p99.9", 0.999],
] as const;

const LATENCIES = [
  ["read", "reads", readLatency, "reads"],
  ["write", "sets and deletes", writeLatency, "writes"],
] as const;

/** Every measure, by which policies can be compared and gates be set. Adding one means naming it here. */
export const measures: readonly Measure[] = [
  ...LATENCIES.flatMap(([name, what, figure, needs]) =>
    QUANTILES.map(([label, quantile]): Measure => ({
      name: `${name}-${label}`,
      summary: `Latency that ${percent(quantile)} of the answered ${what} do not exceed.`,
      unit: "ms",
      better: "less",
      figure,
      quantile,
      needs,
    })),
  ),
  share("availability", "Share of operations that were answered.", availability),
  share("read-availability", "Share of reads that were answered.", readAvailability, "reads"),
  share("write-availability", "Share of sets and deletes that were answered.", writeAvailability, "writes"),
  share(
    "fault-availability",
    "Share of operations called during a fault that were answered.",
    faultAvailability,
    "faults",
  ),
  share(
    "majority-availability",
    "Share of operations that were answered, during a partition, on the side of a majority.",
    majoritySideAvailability,
    "partitions",
  ),
  share(
    "minority-availability",
    "Share of operations that were answered, during a partition, on every other side.",
    minoritySideAvailability,
    "partitions",
  ),
  share("hit-ratio", "Share of answered reads that found a value.", hitRatio, "reads"),
  {
    name: "stale-hits",
    summary: "Share of hits whose value had certainly been replaced before the read was called.",
    unit: "share",
    better: "less",
    figure: staleHits,
    isBestUnmeasured: true,
    needs: "reads",
  },
  ...[10, 100, 1000].map((ms): Measure => ({
    name: `stale-after-${ms}ms`,
    summary: `Of the hits ${ms} ms or more after the last write of their key, the share that are stale (t-visibility).`,
    unit: "share",
    better: "less",
    figure: staleAfter(ms),
    isBestUnmeasured: true,
    needs: "reads",
  })),
  ...[2, 3].map((count): Measure => ({
    name: `behind-${count}`,
    summary: `Share of hits that are at least ${count} versions behind (k-staleness).`,
    unit: "share",
    better: "less",
    figure: behindBy(count),
    isBestUnmeasured: true,
    needs: "reads",
  })),
  {
    name: "stale-age-p50",
    summary: "How long ago what stale hits found had been replaced: the median.",
    unit: "ms",
    better: "less",
    figure: staleAge,
    quantile: 0.5,
    isBestUnmeasured: true,
  },
  {
    name: "stale-age-p99",
    summary: "How long ago what stale hits found had been replaced: 99% of them.",
    unit: "ms",
    better: "less",
    figure: staleAge,
    quantile: 0.99,
    isBestUnmeasured: true,
  },
  {
    name: "stale-age-max",
    summary: "How long ago the worst hit of a run had been replaced: the mean over runs.",
    unit: "ms",
    better: "less",
    figure: oldestHit,
    isOfRun: true,
  },
  {
    name: "versions-behind-p99",
    summary: "How many versions behind hits are: 99% of all hits.",
    unit: "versions",
    better: "less",
    figure: versionsBehind,
    quantile: 0.99,
    isBestUnmeasured: true,
    needs: "reads",
  },
  {
    name: "lost-writes",
    summary: "Keys whose last acknowledged write is lost when all has settled, of those that had one.",
    unit: "share",
    better: "less",
    figure: lostWrites,
    isBestUnmeasured: true,
    needs: "writes",
  },
  {
    name: "broken-keys",
    summary: "Keys that are not linearizable, of each thousand.",
    unit: "per thousand",
    better: "less",
    figure: brokenKeys,
  },
  {
    name: "expired-keys",
    summary: "Keys on which something was served after its time to live was over, of each thousand.",
    unit: "per thousand",
    better: "less",
    figure: expiredKeys,
  },
  {
    name: "messages",
    summary: "Messages sent for each operation, background work included.",
    unit: "messages",
    better: "less",
    figure: messagesPerOperation,
  },
  {
    name: "bytes",
    summary: "Bytes sent for each operation, background work included.",
    unit: "bytes",
    better: "less",
    figure: bytesPerOperation,
  },
  {
    name: "load-skew",
    summary: "The most messages that arrived at one machine, over the mean of all.",
    unit: "times",
    better: "less",
    figure: loadSkew,
    isOfRun: true,
  },
  {
    name: "records",
    summary: "Records that a machine holds at the end.",
    unit: "records",
    better: "less",
    figure: recordsHeld,
  },
  {
    name: "records-peak",
    summary: "The most records that a machine held at any time; in studies the mean over runs.",
    unit: "records",
    better: "less",
    figure: recordsPeak,
    isOfRun: true,
  },
  {
    name: "recovery",
    summary: "How long after the last fault a client was still refused; in studies the mean over runs.",
    unit: "ms",
    better: "less",
    figure: recoveryTime,
    isOfRun: true,
    needs: "faults",
    isEndless: hasNotRecovered,
  },
  {
    name: "convergence",
    summary:
      "How long after the last fault a read still found what had been replaced; in studies the mean over runs.",
    unit: "ms",
    better: "less",
    figure: convergenceTime,
    isOfRun: true,
    needs: "faults",
  },
  {
    name: "read-outage",
    summary: "The longest that reads of a key were out after a crash; in studies the mean over runs.",
    unit: "ms",
    better: "less",
    figure: readOutage,
    isOfRun: true,
    needs: "crashes",
  },
  {
    name: "write-outage",
    summary: "The longest that writes of a key were out after a crash; in studies the mean over runs.",
    unit: "ms",
    better: "less",
    figure: writeOutage,
    isOfRun: true,
    needs: "crashes",
  },
];

export function measureByName(name: string): Measure | undefined {
  return measures.find((measure) => measure.name === name);
}

function share(name: string, summary: string, figure: Measure["figure"], needs?: Need): Measure {
  return { name, summary, unit: "share", better: "more", figure, ...(needs !== undefined && { needs }) };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
