import { mergeTallies } from "../../search/tally.ts";
import { judged } from "./report-document.ts";
import type { ReportDocument, ReportRow } from "./report-schema.ts";
import { fromReportTally, toReportTally } from "./report-tally.ts";

/** A report and the file that it came from. */
export interface NamedReport {
  readonly file: string;
  readonly report: ReportDocument;
}

/** The reports are not all shards of one campaign. The message is one line. */
export class MergeError extends Error {
  override readonly name = "MergeError";
}

/**
 * The report that one machine would have given: the same to the last byte, apart from `timings`, if every shard ran to
 * its end.
 *
 * @throws MergeError unless there is each shard of one campaign, once
 */
export function mergeReports(named: readonly NamedReport[]): ReportDocument {
  const shards = inOrder(named);
  const [first] = shards;
  if (first === undefined) throw new MergeError("expected at least one report");
  const reports = shards.map(({ report }) => report);
  const rows: { row: ReportRow; busyMs: number }[] = [];
  for (const job of first.report.campaign.jobs) {
    const parts = reports.flatMap(({ rows: own, timings }) => {
      const index = own.findIndex(({ scenario, policy }) => {
        return scenario === job.scenario && policy === job.policy;
      });
      const row = own[index];
      return row === undefined ? [] : [{ row, busyMs: timings.rows[index]?.busyMs ?? 0 }];
    });
    const [any] = parts;
    if (any === undefined) continue;
    const tally = parts.map(({ row }) => fromReportTally(row.tally)).reduce(mergeTallies);
    const isComplete = parts.length === reports.length && parts.every(({ row }) => row.isComplete);
    rows.push({
      row: { ...any.row, tally: toReportTally(tally), isComplete },
      busyMs: parts.reduce((total, { busyMs }) => total + busyMs, 0),
    });
  }
  return judged({
    ...first.report,
    campaign: { ...first.report.campaign, shard: null },
    isComplete: reports.every(({ isComplete }) => isComplete),
    stoppedBy: reports.find(({ stoppedBy }) => stoppedBy !== null)?.stoppedBy ?? null,
    rows: rows.map(({ row }) => row),
    regressions: reports.flatMap(({ regressions }) => regressions),
    timings: {
      workers: reports.reduce((total, { timings }) => total + timings.workers, 0),
      elapsedMs: Math.max(...reports.map(({ timings }) => timings.elapsedMs)),
      rows: rows.map(({ busyMs }) => ({ busyMs })),
    },
  });
}

function inOrder(named: readonly NamedReport[]): NamedReport[] {
  const byNumber = new Map<number, NamedReport>();
  const [first] = named;
  for (const each of named) {
    const { shard } = each.report.campaign;
    if (first === undefined || shard === null) {
      throw new MergeError(`${each.file}: the report of a whole campaign: expected that of a shard`);
    }
    const difference = differenceOf(first.report, each.report);
    if (difference !== null) {
      throw new MergeError(`${each.file}: not of the campaign of ${first.file}: ${difference} differ`);
    }
    const other = byNumber.get(shard.number);
    if (other !== undefined) {
      throw new MergeError(`${each.file}: shard ${shard.number} again, which is ${other.file} already`);
    }
    byNumber.set(shard.number, each);
  }
  const count = first?.report.campaign.shard?.count ?? 0;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !byNumber.has(number));
  if (missing.length > 0) {
    const which = missing.length === 1 ? `shard ${missing[0]}` : `shards ${missing.join(", ")}`;
    throw new MergeError(`${which} of ${count} missing: give the reports of all shards`);
  }
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

/** What two reports do not have in common that shards of one campaign have. */
function differenceOf(a: ReportDocument, b: ReportDocument): string | null {
  const parts: Readonly<Record<string, (report: ReportDocument) => unknown>> = {
    "the versions of cache-sim": ({ tool }) => tool,
    "the seeds": ({ campaign }) => campaign.seeds,
    "the scenarios or policies": ({ campaign }) => campaign.jobs,
    "the numbers of shards": ({ campaign }) => campaign.shard?.count,
    "--strict or --max-failures": ({ campaign }) => [campaign.isStrict, campaign.failuresMax],
  };
  const differs = Object.keys(parts).find((name) => {
    return JSON.stringify(parts[name]?.(a)) !== JSON.stringify(parts[name]?.(b));
  });
  return differs ?? null;
}
