import { mergeTallies } from "../tally.ts";
import type { CampaignDocument, DocumentRow, KeptPlan } from "./document.ts";
import { DocumentError } from "./load-document.ts";

/** A part of a campaign, and the file that it came from. */
export interface NamedDocument {
  readonly file: string;
  readonly document: CampaignDocument;
}

/**
 * The report that one machine would have given, but for the timings: tallies add up in any order.
 *
 * @throws DocumentError when the parts are not the parts of one campaign, each of them once
 */
export function mergeDocuments(parts: readonly NamedDocument[]): CampaignDocument {
  const [first] = parts;
  if (first === undefined) throw new DocumentError("nothing to merge: name the reports of all shards");
  const ordered = orderedShards(parts, first);
  const documents = ordered.map(({ document }) => document);
  const { campaign } = first.document;
  const rows = mergeRows(documents);
  const isComplete = documents.every((document) => document.isComplete);
  return {
    ...first.document,
    campaign: { ...campaign, shard: null },
    isComplete,
    stoppedBy: documents.find(({ stoppedBy }) => stoppedBy !== null)?.stoppedBy ?? null,
    regressions: {
      replayed: Math.max(...documents.map(({ regressions }) => regressions.replayed)),
      wrong: [...new Set(documents.flatMap(({ regressions }) => regressions.wrong))].sort(),
    },
    keptPlans: mergeKeptPlans(documents),
    rows: rows.map(({ row }) => row),
    timings: {
      workers: documents.reduce((sum, { timings }) => sum + timings.workers, 0),
      elapsedMs: Math.max(...documents.map(({ timings }) => timings.elapsedMs)),
      busyMs: rows.map(({ busyMs }) => busyMs),
    },
  };
}

function orderedShards(parts: readonly NamedDocument[], first: NamedDocument): NamedDocument[] {
  const { identity, shard } = first.document.campaign;
  const seen = new Map<number, NamedDocument>();
  for (const part of parts) {
    const { campaign } = part.document;
    if (campaign.identity !== identity)
      throw new DocumentError(
        `${part.file}: of another campaign than ${first.file} (other scenarios, policies or seeds)`,
      );
    if (campaign.shard === null || shard === null)
      throw new DocumentError(
        `${campaign.shard === null ? part.file : first.file}: not a shard; \`cache-sim run --shard 1/${parts.length}\` makes them`,
      );
    if (campaign.shard.count !== shard.count)
      throw new DocumentError(
        `${part.file}: one of ${campaign.shard.count} shards, and ${first.file} of ${shard.count}`,
      );
    const other = seen.get(campaign.shard.index);
    if (other !== undefined)
      throw new DocumentError(
        `${part.file}: shard ${campaign.shard.index}/${shard.count}, as ${other.file} is`,
      );
    seen.set(campaign.shard.index, part);
  }
  const missing = Array.from({ length: shard?.count ?? 0 }, (_, at) => at + 1).filter(
    (index) => !seen.has(index),
  );
  if (missing.length > 0)
    throw new DocumentError(
      `missing: ${missing.map((index) => `shard ${index}/${shard?.count}`).join(", ")}`,
    );
  return [...seen].sort(([a], [b]) => a - b).map(([, part]) => part);
}

/** Every machine replays those that it has, which are mostly the same. */
function mergeKeptPlans(documents: readonly CampaignDocument[]): KeptPlan[] {
  const plans = new Map<string, KeptPlan>();
  for (const plan of documents.flatMap(({ keptPlans }) => keptPlans)) {
    const name = JSON.stringify([plan.from, plan.file]);
    if (!plans.has(name)) plans.set(name, plan);
  }
  return [...plans.values()];
}

interface TimedDocumentRow {
  readonly row: DocumentRow;
  readonly busyMs: number;
}

/** Row by row, in the order in which the first part that has it gives it. */
function mergeRows(documents: readonly CampaignDocument[]): readonly TimedDocumentRow[] {
  const merged = new Map<string, TimedDocumentRow>();
  for (const { rows, timings } of documents) {
    for (const [index, row] of rows.entries()) {
      const name = JSON.stringify([row.scenario, row.policy]);
      const busyMs = timings.busyMs[index] ?? 0;
      const other = merged.get(name);
      merged.set(
        name,
        other === undefined
          ? { row, busyMs }
          : {
              row: {
                ...other.row,
                tally: mergeTallies(other.row.tally, row.tally),
                isComplete: other.row.isComplete && row.isComplete,
              },
              busyMs: other.busyMs + busyMs,
            },
      );
    }
  }
  return [...merged.values()];
}
