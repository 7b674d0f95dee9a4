import { type BackgroundProcesses, PROCESSES } from "../background/start.ts";
import { createPulls } from "../background/pulls.ts";
import { createWriteAhead } from "../durable/write-ahead.ts";
import { createStore } from "../local/store.ts";
import { createConductor } from "../membership/conductor.ts";
import { createHandover } from "../membership/handover.ts";
import { createIncarnations } from "../membership/incarnations.ts";
import { createMemberAnswers } from "../membership/member-answers.ts";
import { createMembership } from "../membership/membership.ts";
import { OwnerChannel } from "../near/channel.ts";
import { createNearCopies } from "../near/near-copies.ts";
import { createWatches } from "../near/watches.ts";
import { createClientOperations } from "../operations/client-operations.ts";
import { createKeyedOperations } from "../operations/keyed-operations.ts";
import { createLoading } from "../operations/loading.ts";
import { createOperations } from "../operations/operations.ts";
import { createGuarded } from "../policies/guarded.ts";
import { createCatchUp } from "../replication/catch-up.ts";
import { createHedging } from "../replication/hedging.ts";
import { createHints } from "../replication/hints.ts";
import { createSharedRecords } from "../replication/shared-records.ts";
import { createSharedTrees } from "../replication/shared-trees.ts";
import { createRpc } from "../transport/rpc.ts";
import { createRelativeLink } from "../ttl/relative-link.ts";
import { createCodec } from "../wire/codec.ts";
import { createAnswers } from "./answers.ts";
import { createEmit } from "./audit.ts";
import { createTending } from "./tending.ts";

/**
 * What a node is made of: one function for each part. They are called once, when a node starts, so that another
 * one costs nothing afterwards. A node with one part that is wrong is how the harness is put to the test.
 */
export interface NodeParts {
  readonly createEmit: typeof createEmit;
  readonly createMembership: typeof createMembership;
  readonly createSharedTrees: typeof createSharedTrees;
  readonly createStore: typeof createStore;
  readonly createIncarnations: typeof createIncarnations;
  readonly createCatchUp: typeof createCatchUp;
  readonly createHandover: typeof createHandover;
  readonly createWatches: typeof createWatches;
  readonly createWriteAhead: typeof createWriteAhead;
  readonly createCodec: typeof createCodec;
  readonly createRelativeLink: typeof createRelativeLink;
  readonly createRpc: typeof createRpc;
  readonly createSharedRecords: typeof createSharedRecords;
  readonly createPulls: typeof createPulls;
  readonly createNearCopies: typeof createNearCopies;
  /** What near copies know of one owner. */
  readonly createOwnerChannel: (onLost: () => void) => OwnerChannel;
  readonly createHedging: typeof createHedging;
  readonly createOperations: typeof createOperations;
  readonly createMemberAnswers: typeof createMemberAnswers;
  readonly createConductor: typeof createConductor;
  readonly createAnswers: typeof createAnswers;
  readonly createTending: typeof createTending;
  readonly createHints: typeof createHints;
  readonly createPolicyNode: typeof createGuarded;
  /** The background work of each kind. */
  readonly processes: BackgroundProcesses;
  readonly createClientOperations: typeof createClientOperations;
  readonly createLoading: typeof createLoading;
  readonly createKeyedOperations: typeof createKeyedOperations;
}

/** Those of a node as it should be. */
export const PARTS: NodeParts = {
  createEmit,
  createMembership,
  createSharedTrees,
  createStore,
  createIncarnations,
  createCatchUp,
  createHandover,
  createWatches,
  createWriteAhead,
  createCodec,
  createRelativeLink,
  createRpc,
  createSharedRecords,
  createPulls,
  createNearCopies,
  createOwnerChannel: (onLost) => new OwnerChannel(onLost),
  createHedging,
  createOperations,
  createMemberAnswers,
  createConductor,
  createAnswers,
  createTending,
  createHints,
  createPolicyNode: createGuarded,
  processes: PROCESSES,
  createClientOperations,
  createLoading,
  createKeyedOperations,
};
