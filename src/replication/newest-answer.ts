import type { CacheRecord } from "../local/record.ts";
import { compareVersions } from "../local/version.ts";
import type { ReplyMessage } from "../wire/messages.ts";

/** The newest record among the answers to a read, live or not; null when there is none. */
export function newestRecord(replies: readonly (ReplyMessage | null)[]): CacheRecord | null {
  let newest: CacheRecord | null = null;
  for (const reply of replies) {
    if (reply?.type !== "read-reply" || reply.record === null) continue;
    const order = newest === null ? 1 : compareVersions(reply.record.version, newest.version);
    // Of the same version, one may be the stub that was left when its value was evicted.
    if (order > 0 || (order === 0 && newest?.value === null)) newest = reply.record;
  }
  return newest;
}
