/** How full everything of a node is that has a bound. */
import type { CacheNode } from "../node/node.ts";
import type { ResolvedOptions } from "../options.ts";

export interface Usage {
  /** `values`: records that hold a value, counted apart only where values are evicted. */
  readonly what: "records" | "values" | "journalEntries" | "hints" | "nearCopies";
  readonly level: number;
  readonly max: number;
}

/** O(1); with eviction, O(records). A journal of the caller's own has the caller's bound, and is left out. */
export function usageOf(
  { state, journal, hints, near }: CacheNode,
  { limits, eviction, nearCopies, ownsJournal }: ResolvedOptions,
): Usage[] {
  const { recordsMax, stubsMax, journalEntriesMax, hintsMax } = limits;
  const { records } = state.deref();
  const isEvicting = eviction === "lru";
  const usage: Usage[] = [
    { what: "records", level: records.size, max: isEvicting ? recordsMax + stubsMax : recordsMax },
    { what: "hints", level: hints.size, max: hintsMax },
  ];
  if (isEvicting) {
    usage.push({ what: "values", level: records.count(({ value }) => value !== null), max: recordsMax });
  }
  if (ownsJournal) usage.push({ what: "journalEntries", level: journal.size(), max: journalEntriesMax });
  if (near !== null && nearCopies !== null) {
    usage.push({ what: "nearCopies", level: near.report().copies, max: nearCopies.recordsMax });
  }
  return usage;
}
