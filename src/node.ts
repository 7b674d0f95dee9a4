/**
 * One node of the cluster at work: puts its parts together, answers its peers, and starts its background work.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import { createJournal, type Journal } from "@phyxius/journal";
import type { BackgroundKit } from "./background/background.ts";
import { answerCompare, answerPull, type PullHost } from "./background/pull.ts";
import { type Background, startBackground } from "./background/start.ts";
import { createCatchUp } from "./catch-up.ts";
import { countDisk, countJournalError, countRejectedFrame } from "./counting.ts";
import type { RecordLog } from "./durable/record-log.ts";
import { createWriteAhead } from "./durable/write-ahead.ts";
import type { CacheEvent } from "./events.ts";
import type { GatherHost } from "./gather.ts";
import { type Hooks, NO_HOOKS } from "./hooks.ts";
import { createIncarnations } from "./incarnations.ts";
import { createOperations, type Operations } from "./operations.ts";
import type { CacheOptions, Limits, ResolvedOptions } from "./options.ts";
import { createPlacement } from "./placement.ts";
import { abd } from "./policies/abd.ts";
import { createGuarded } from "./policies/guarded.ts";
import type { PolicyNode } from "./policies/policy.ts";
import { createRpc } from "./rpc.ts";
import { createSharedRecords } from "./shared-records.ts";
import { type CacheState, createInitialState, type Recovered } from "./state.ts";
import { createStore } from "./store.ts";
import { createCodec } from "./wire/codec.ts";
import type { ReplyMessage, RequestMessage } from "./wire/messages.ts";

export interface CacheNode {
  readonly state: Atom<CacheState>;
  readonly journal: Journal<CacheEvent>;
  readonly policy: PolicyNode;
  readonly policyName: string;
  readonly operations: Operations;
  readonly background: Background;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  readonly hooks: Hooks;
  /** Interrupts all operations, stops background work, and is deaf from then on. */
  readonly stop: () => Promise<void>;
}

/** What an earlier life left on disk, and the log in which this one goes on. */
export interface RecoveredNode extends Recovered {
  readonly log: RecordLog;
}

/** @param recovered null for a node that keeps everything in memory */
export function createNode(
  options: CacheOptions,
  resolved: ResolvedOptions,
  recovered: RecoveredNode | null = null,
): CacheNode {
  const { transport, clock, policy = abd, hooks = NO_HOOKS } = options;
  const { replication, incarnation, limits, timing, clockSkewMs, random } = resolved;
  const { self, peers } = transport;
  const members = [self, ...peers];

  const state = createAtom(createInitialState(self, peers, resolved, recovered ?? undefined), clock);
  const journal = options.journal ?? createAuditJournal(options, limits);
  const emit = createEmit(state, journal, options.onEvent);
  const placement = createPlacement({ nodes: members, replication });
  const store = createStore(state, clock, { recordsMax: limits.recordsMax, graceMs: timing.graceMs });
  const incarnations = createIncarnations(state, new Set(members));
  const catchUp = createCatchUp(state, peers, placement, incarnations);
  const log = recovered?.log ?? null;
  const writeAhead =
    log === null
      ? null
      : createWriteAhead({
          log,
          store,
          incarnation,
          incarnations,
          catchUp,
          answer,
          onRefused: () => void state.swap((current) => countDisk(current, "refused")),
        });
  const rpc = createRpc({
    transport,
    codec: createCodec({ frameBytesMax: frameBytesMax(limits) }),
    incarnation,
    incarnations,
    answer:
      writeAhead === null
        ? answer
        : (from, request) => writeAhead.serve(from, request, (reply) => rpc.send(from, rpc.encode(reply))),
    onRejected: (_from, kind) => void state.swap((current) => countRejectedFrame(current, kind)),
  });
  const pullHost: PullHost = {
    rpc,
    takeOver: writeAhead === null ? (records, done) => done(store.applyAll(records)) : writeAhead.takeOver,
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
    answerLocally:
      writeAhead === null
        ? (request) => policyNode.answer(self, request)
        : (request) => writeAhead.serve(self, request, (reply) => rpc.deliver(self, reply)),
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
      case "policy":
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
    reply(to, message) {
      if (to === self) rpc.deliver(self, message);
      else rpc.send(to, rpc.encode(message));
    },
    onStop: operations.onEnd,
  };
  const policyNode = createGuarded(policy, kit);
  const background = startBackground(policy.background, kit, pullHost);
  operations.onEnd(() => background.stop());

  if (log !== null) follow(log);

  /** The log is kept for this node, and hears of what changes in what it knows of lives. */
  function follow(log: RecordLog): void {
    log.follow({
      life: () => ({
        node: self,
        incarnation,
        isWhole: catchUp.isDone(),
        known: incarnations.restarted,
      }),
      live: () => state.deref().records.values(),
      onFailure(error) {
        state.swap((current) => countDisk(current, "failures"));
        emit({ type: "cache.disk.error", operation: null, error: String(error) });
      },
      onRewritten(bytes) {
        state.swap((current) => countDisk(current, "rewrites"));
        emit({ type: "cache.disk.rewritten", operation: null, bytes });
      },
    });
    operations.onEnd(
      state.watch(({ from, to }) => {
        if (from.catchUp.isDone !== to.catchUp.isDone) log.keepLife(() => {});
      }),
    );
  }

  return {
    state,
    journal,
    policy: policyNode,
    policyName: policy.name,
    operations,
    background,
    emit,
    hooks,
    async stop() {
      await operations.end();
      rpc.stop();
      log?.close();
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
