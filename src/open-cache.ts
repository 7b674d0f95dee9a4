import { Map } from "immutable";
import { type Cache, cacheOf, createCacheOf } from "./cache.ts";
import { NO_VOTES } from "./membership/agreement.ts";
import { createLogFormat } from "./durable/log-format.ts";
import { type FoundLog, readLog } from "./durable/read-log.ts";
import { startRecordLog } from "./durable/record-log.ts";
import type { Disk } from "./durable/disk.ts";
import { createNode } from "./node/node.ts";
import { type NodeParts, PARTS } from "./node/parts.ts";
import { type CacheOptions, invalid, requireDurability, resolveOptions } from "./options.ts";
import { createConfiguredPlacement } from "./membership/placement.ts";
import { abd } from "./policies/abd.ts";

/** To mend a log is to write it anew: that is tried so much more seldom, in the end, than a replica is asked again. */
const MENDING_FACTOR = 4;

/**
 * Starts a node that may keep a journal: what it confirmed survives its crash, on `disk`.
 *
 * It resolves when the node has read what it had and may be asked, and rejects when the disk has no room or cannot
 * be written: nothing has been said to anybody then, so it may be tried again. Frames that arrive before are
 * dropped, as if nobody were there.
 *
 * A node whose journal is damaged, or gone though `start` says that there was one, catches up from the others
 * before it votes, as one that keeps nothing does.
 *
 * @throws InvalidArgumentError
 * @throws DiskError, or what else the disk rejects with
 */
export function openCache(options: CacheOptions): Promise<Cache> {
  return openCacheOf(PARTS, options);
}

/** The same of other parts. */
export async function openCacheOf(parts: NodeParts, options: CacheOptions): Promise<Cache> {
  if (requireDurability(options) === "memory") return createCacheOf(parts, options);
  const { transport, clock, policy = abd } = options;
  const disk = options.disk as Disk;
  const { limits, timing } = resolveOptions({ ...options, start: "new" });
  const format = createLogFormat();
  const found = await readLog(disk, format);
  const { life } = found;
  if (life !== null && life.node !== transport.self) {
    throw invalid("disk", `that of ${life.node}`, `a disk of its own for ${transport.self}`);
  }
  const resolved = resolveOptions({ ...options, ...nextLife(found, options) });
  const { incarnation, mustCatchUp } = resolved;
  const membership = life?.membership ?? { configuration: resolved.configuration, votes: NO_VOTES };
  const placement = createConfiguredPlacement(membership.configuration, resolved.replication);
  const isOurs = (key: string): boolean =>
    !policy.hasFixedOwners || placement.ownersOf(key).includes(transport.self);
  // In a change of members the node has dropped what it need not keep, and the log may have kept it. What is past its
  // grace is not left out: only together may owners forget it.
  const records = Map([...found.records].filter(([key]) => isOurs(key)));
  const forgotten = life?.forgotten ?? 0;
  const known = life?.known.filter(({ node }) => node !== transport.self) ?? [];
  const log = await startRecordLog(
    {
      disk,
      clock,
      format,
      retryMs: timing.retryMs,
      retryMsMax: timing.retryMsMax * MENDING_FACTOR,
      random: resolved.random,
      slackBytes: limits.logSlackBytes,
    },
    { node: transport.self, incarnation, isWhole: !mustCatchUp, known, membership, forgotten },
    records,
  );
  const node = createNode(options, resolved, { records, forgotten, known, membership, log }, parts);
  node.emit({
    type: "cache.disk.opened",
    operation: null,
    found: found.status,
    records: records.size,
    droppedBytes: found.droppedBytes,
    problem: found.problem,
  });
  return cacheOf(parts, node, resolved);
}

/**
 * The number of the life that begins, and whether it must catch up. A journal that is whole speaks for itself;
 * where there is none, `start` says whether there should be.
 */
function nextLife(
  { status, life }: FoundLog,
  { incarnation, start }: CacheOptions,
): Pick<CacheOptions, "incarnation" | "start"> {
  const last = life?.incarnation ?? 0;
  if (incarnation !== undefined && incarnation <= last) {
    throw invalid("incarnation", incarnation, `more than ${last}, the life that the journal is of, or none`);
  }
  if (status === "none") return { incarnation: incarnation ?? 1, start };
  if (life === null && incarnation === undefined) {
    throw invalid(
      "incarnation",
      incarnation,
      "a number above every life before, since the journal lost its own",
    );
  }
  const isWhole = status === "whole" && life?.isWhole === true;
  return { incarnation: incarnation ?? last + 1, start: isWhole ? "new" : "rejoin" };
}
