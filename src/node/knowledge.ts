import type { Atom } from "@phyxius/atom";
import type { CacheRecord } from "../local/record.ts";
import type { Store } from "../local/store.ts";
import type { HandoverWatch } from "../membership/handover.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Membership } from "../membership/membership.ts";
import type { CacheOptions, ResolvedOptions } from "../options.ts";
import type { Policy } from "../policies/policy.ts";
import type { CatchUpWatch } from "../replication/catch-up.ts";
import type { SharedTrees } from "../replication/shared-trees.ts";
import type { CacheState } from "../state.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";
import type { NodeParts } from "./parts.ts";

/** What a node knows by itself: its records, who belongs to the cluster, who has restarted, and what it may vote on. */
export interface Knowledge {
  readonly self: string;
  readonly incarnation: number;
  readonly state: Atom<CacheState>;
  readonly membership: Membership;
  readonly trees: SharedTrees;
  readonly store: Store;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  readonly handover: HandoverWatch;
}

/** @param onHeld told of each record that the node holds from now on, before anybody else hears of it */
export function createKnowledge(
  parts: NodeParts,
  state: Atom<CacheState>,
  policy: Policy,
  { transport, eviction }: CacheOptions,
  { replication, incarnation, parameters, limits, timing }: ResolvedOptions,
  ttl: TtlClock,
  onHeld: (record: CacheRecord) => void,
): Knowledge {
  const { self, peers } = transport;
  const { hasFixedOwners } = policy;
  const membership = parts.createMembership({ self, peers, state, replication, hasFixedOwners });
  const trees = parts.createSharedTrees(self, state, membership);
  const hasTrees = policy.background.includes("repair");
  const store = parts.createStore(state, ttl, {
    recordsMax: limits.recordsMax,
    stubsMax: limits.stubsMax,
    graceMs: hasFixedOwners ? null : timing.graceMs,
    eviction,
    onChange(keys, before, after) {
      if (hasTrees) trees.note(keys, before, after);
      for (const key of keys) {
        const record = after.get(key);
        if (record !== undefined) onHeld(record);
      }
    },
  });
  const incarnations = parts.createIncarnations(state, new Set([self, ...peers]));
  const catchUpPeers = policy.catchUpPeers?.(replication, parameters);
  const catchUp = parts.createCatchUp(self, state, membership, incarnations, catchUpPeers);
  const quorums = policy.handover?.(replication, parameters);
  const handover = parts.createHandover(self, state, membership, catchUp, quorums);
  return { self, incarnation, state, membership, trees, store, incarnations, catchUp, handover };
}
