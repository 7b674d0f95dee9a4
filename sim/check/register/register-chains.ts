import { inTimeOrder } from "../certificate.ts";
import type { RegisterOperation } from "./register-operation.ts";
import type { BrokenCondition, Cluster, RegisterConflict } from "./register-zones.ts";

/**
 * Compare-and-set in a register whose written values are unique. A set of b that replaced a comes directly after
 * everything that read a, so the cluster of b directly follows that of a: the two, and whatever replaced b, are one
 * uninterrupted block of the order. That is a cluster again, whose zone is that of all its operations.
 *
 * Within a chain the order is given, so three things can be wrong in it:
 * - two sets replaced one value (`replaced-twice`), for the first leaves nothing to replace;
 * - sets replaced each other's values (`replaced-in-a-circle`), so that none can have been the first;
 * - an operation ended before one was called that belongs to an earlier cluster (`replaced-too-early`): an f below the
 *   greatest s before it.
 *
 * Everything else is said by the zones. Sets whose outcome is not known belong here only if their value was seen.
 */
export function joinChains(
  clusters: readonly Cluster[],
  byValue: ReadonlyMap<string, Cluster>,
): { readonly clusters: readonly Cluster[] } | RegisterConflict {
  const nextOf = new Map<Cluster, Cluster>();
  const roots: Cluster[] = [];
  for (const cluster of clusters) {
    const { replaces } = cluster.write;
    if (replaces === undefined) {
      roots.push(cluster);
      continue;
    }
    const before = byValue.get(replaces);
    if (before === undefined) return conflict("thin-air", [], [cluster.write]);
    const rival = nextOf.get(before);
    if (rival !== undefined) {
      return conflict("replaced-twice", [before, rival, cluster], [before.write, rival.write, cluster.write]);
    }
    nextOf.set(before, cluster);
  }

  const joined: Cluster[] = [];
  const reached = new Set<Cluster>();
  for (const root of roots) {
    const chain = [root];
    for (let next = nextOf.get(root); next !== undefined; next = nextOf.get(next)) chain.push(next);
    for (const cluster of chain) reached.add(cluster);
    const block = joinChain(chain);
    if ("condition" in block) return block;
    joined.push(block);
  }
  const lost = clusters.find((cluster) => !reached.has(cluster));
  return lost === undefined ? { clusters: joined } : circle(lost, nextOf);
}

function joinChain(chain: readonly Cluster[]): Cluster | RegisterConflict {
  const [root] = chain as [Cluster];
  if (chain.length === 1) return root;
  let first = root;
  let last = root;
  chain.forEach((cluster, index) => {
    if (cluster.earliestEndUs < first.earliestEndUs) first = cluster;
    if (index > 0 && cluster.latestCallUs > last.latestCallUs) last = cluster;
  });
  let latest = root;
  for (const [index, cluster] of chain.entries()) {
    if (cluster.earliestEndUs < latest.latestCallUs && cluster !== latest) {
      const writes = chain.slice(0, index + 1).map(({ write }) => write);
      return conflict(
        "replaced-too-early",
        [latest, cluster],
        [...writes, latest.latestCall, cluster.earliestEnd],
      );
    }
    if (cluster.latestCallUs > latest.latestCallUs) latest = cluster;
  }
  const end = Math.max(chain.indexOf(first), chain.indexOf(last));
  return {
    write: root.write,
    earliestEnd: first.earliestEnd,
    earliestEndUs: first.earliestEndUs,
    latestCall: last.latestCall,
    latestCallUs: last.latestCallUs,
    links: chain.slice(1, end + 1).map(({ write }) => write),
    last: (chain.at(-1) as Cluster).write,
  };
}

/** What no root leads to: whatever comes after it comes before it as well. */
function circle(start: Cluster, nextOf: ReadonlyMap<Cluster, Cluster>): RegisterConflict {
  const writes = [start.write];
  for (let at = nextOf.get(start); at !== undefined && at !== start; at = nextOf.get(at))
    writes.push(at.write);
  return conflict("replaced-in-a-circle", [], writes);
}

function conflict(
  condition: BrokenCondition,
  clusters: readonly Cluster[],
  operations: readonly RegisterOperation[],
): RegisterConflict {
  return { condition, clusters, operations: inTimeOrder(operations) };
}
