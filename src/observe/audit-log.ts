import type { Journal } from "@phyxius/journal";
import type { CacheEvent } from "./events.ts";

export interface AuditFilters {
  /** Part of the event's type: "cache.get", "error". */
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly operation?: string | undefined;
  /** Wall time in milliseconds: events from then on. */
  readonly since?: number | undefined;
}

/** An entry of the audit log, with when it was written. Times are milliseconds. */
export type AuditEntry = CacheEvent & { readonly wallMs: number; readonly monoMs: number };

/** Whether an event is one of those asked for, leaving its time aside. */
export function isOf(event: CacheEvent, { type, key, operation }: AuditFilters): boolean {
  if (type !== undefined && !event.type.includes(type)) return false;
  if (key !== undefined && !("key" in event && event.key === key)) return false;
  return operation === undefined || event.operation === operation;
}

/** The entries that match all filters, oldest first. O(entries kept). */
export function readAuditLog(journal: Journal<CacheEvent>, filters: AuditFilters): AuditEntry[] {
  const { since } = filters;
  const entries: AuditEntry[] = [];
  for (const { data, timestamp } of journal) {
    if (!isOf(data, filters)) continue;
    if (since !== undefined && timestamp.wallMs < since) continue;
    entries.push({ ...data, wallMs: timestamp.wallMs, monoMs: timestamp.monoMs });
  }
  return entries;
}
