/**
 * One node of the cluster at work: puts its parts together, answers its peers, and starts its background work.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import { createJournal, type Journal } from "@phyxius/journal";
import type { BackgroundKit } from "./background/background.ts";
import { answerCompare, answerPull, type PullHost } from "./background/pull.ts";
import { type Background, startBackground } from "./background/start.ts";
import { createCatchUp } from "./catch-up.ts";
import { countJournalError, countRejectedFrame } from "./counting.ts";
import type { CacheEvent } from "./events.ts";
import type { GatherHost } from "./gather.ts";
import { NO_HOOKS } from "./hooks.ts";
import { createIncarnations } from "./incarnations.ts";
import { createOperations, type Operations } from "./operations.ts";
import type { CacheOptions, Limits, ResolvedOptions } from "./options.ts";
import { createPlacement } from "./placement.ts";
import { abd } from "./policies/abd.ts";
import type { PolicyNode } from "./policies/policy.ts";
import { createRpc } from "./rpc.ts";
import { createSharedRecords } from "./shared-records.ts";
import { type CacheState, createInitialState } from "./state.ts";
import { createStore } from "./store.ts";
import { createCodec } from "./wire/codec.ts";
import type { ReplyMessage, RequestMessage } from "./wire/messages.ts";

export interface CacheNode {
  readonly state: Atom<CacheState>;
  readonly journal: Journal<CacheEvent>;
  readonly policy: PolicyNode;
  readonly operations: Operations;
  readonly background: Background;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  /** Interrupts all operations, stops background work, and is deaf from then on. */
  readonly stop: () => Promise<void>;
}

export function createNode(options: CacheOptions, resolved: ResolvedOptions): CacheNode {
  const { transport, clock, policy = abd, hooks = NO_HOOKS } = options;
  const { replication, incarnation, limits, timing, clockSkewMs, random } = resolved;
  const { self, peers } = transport;
  const members = [self, ...peers];

  const state = createAtom(createInitialState(self, peers, resolved), clock);
  const journal = options.journal ?? createAuditJournal(options, limits);
  const emit = createEmit(state, journal, options.onEvent);
  const placement = createPlacement({ nodes: members, replication });
  const store = createStore(state, clock, { recordsMax: limits.recordsMax, graceMs: timing.graceMs });
  const incarnations = createIncarnations(state, new Set(members));
  const catchUp = createCatchUp(state, peers, placement, incarnations);
  const rpc = createRpc({
    transport,
    codec: createCodec({ frameBytesMax: frameBytesMax(limits) }),
    incarnation,
    incarnations,
    answer,
    onRejected: (_from, kind) => void state.swap((current) => countRejectedFrame(current, kind)),
  });
  const pullHost: PullHost = {
    rpc,
    store,
    incarnations,
    catchUp,
    sharedWith: createSharedRecords(self, state, placement),
    hooks,
  };
  const gatherHost: GatherHost = {
    self,
    rpc,
    incarnations,
    hooks,
    answerLocally: (request) => policyNode.answer(self, request),
  };
  const operations = createOperations({
    self,
    incarnation,
    clock,
    retryMs: timing.retryMs,
    honoursDeadlines: policy.honoursDeadlines,
  });

  function answer(from: string, request: RequestMessage): ReplyMessage | null {
    switch (request.type) {
      case "read":
      case "store":
      case "erase":
        return policyNode.answer(from, request);
      case "ping": {
        const { request: number, incarnation: requester } = request;
        return { type: "pong", incarnation, request: number, requester, known: incarnations.restarted };
      }
      case "compare":
        return answerCompare(pullHost, from, request);
      case "pull":
        return answerPull(pullHost, from, request);
    }
  }

  const kit: BackgroundKit = {
    self,
    peers,
    incarnation,
    clock,
    timing,
    clockSkewMs,
    state,
    store,
    placement,
    rpc,
    incarnations,
    catchUp,
    random,
    emit,
    hooks,
    gather: (operation, gatherOptions) => operations.gather(gatherHost, operation, gatherOptions),
    onStop: operations.onEnd,
  };
  const policyNode = policy.create(kit);
  const background = startBackground(policy.background, kit, pullHost);
  operations.onEnd(() => background.stop());

  return {
    state,
    journal,
    policy: policyNode,
    operations,
    background,
    emit,
    async stop() {
      await operations.end();
      rpc.stop();
    },
  };
}

function createAuditJournal({ clock }: CacheOptions, { journalEntriesMax }: Limits): Journal<CacheEvent> {
  return createJournal({ clock, maxEntries: journalEntriesMax, overflow: "bounded:drop_oldest" });
}

function createEmit(
  state: Atom<CacheState>,
  journal: Journal<CacheEvent>,
  onEvent: ((event: CacheEvent) => void) | undefined,
): (event: CacheEvent) => void {
  return (event) => {
    try {
      journal.append(event);
    } catch {
      // What happened has happened: a log that is full must not turn it into a failure.
      state.swap(countJournalError);
    }
    if (onEvent === undefined) return;
    try {
      onEvent(event);
    } catch {
      // Watching must not change what is watched.
    }
  };
}

/** Room for the largest record, and for a page of repair with the largest keys. */
function frameBytesMax({ keyBytesMax, valueBytesMax }: Limits): number {
  return valueBytesMax + 300 * (keyBytesMax + 128) + 400_000;
}
