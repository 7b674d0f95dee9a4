/**
 * One node of the cluster at work: puts its parts together, answers its peers, and starts its background work.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import { createJournal, type Journal } from "@phyxius/journal";
import type { BackgroundKit } from "./background/background.ts";
import { answerPull } from "./background/pull.ts";
import { type Background, startBackground } from "./background/start.ts";
import { answerFetch, answerTree, type TreeHost } from "./background/tree-session.ts";
import { createCatchUp } from "./catch-up.ts";
import { countDisk, countJournalError, countRejectedFrame, countStampAhead } from "./counting.ts";
import type { RecordLog } from "./durable/record-log.ts";
import { createWriteAhead } from "./durable/write-ahead.ts";
import type { CacheEvent } from "./events.ts";
import type { GatherHost } from "./gather.ts";
import { createHedging } from "./hedging.ts";
import { createHints } from "./hints.ts";
import { type Hooks, NO_HOOKS } from "./hooks.ts";
import { createIncarnations } from "./incarnations.ts";
import { createNearCopies, type NearCopies } from "./near/near-copies.ts";
import { createWatches, type Watches } from "./near/watches.ts";
import { createOperations, type Operations } from "./operations.ts";
import type { CacheOptions, Limits, ResolvedOptions } from "./options.ts";
import { createPlacement } from "./placement.ts";
import { abd } from "./policies/abd.ts";
import { createGuarded } from "./policies/guarded.ts";
import { promisesOf } from "./promises.ts";
import type { CacheRecord } from "./record.ts";
import type { PolicyNode, PolicyPromise } from "./policies/policy.ts";
import { createRpc } from "./rpc.ts";
import { createSharedRecords } from "./shared-records.ts";
import { createSharedTrees } from "./shared-trees.ts";
import { type CacheState, createInitialState, type Recovered } from "./state.ts";
import { createStore } from "./store.ts";
import { createSubscriptions, type Subscriptions } from "./subscriptions.ts";
import { createCodec } from "./wire/codec.ts";
import type { DataRequest, ReplyMessage, RequestMessage } from "./wire/messages.ts";

export interface CacheNode {
  readonly state: Atom<CacheState>;
  readonly journal: Journal<CacheEvent>;
  readonly policy: PolicyNode;
  readonly policyName: string;
  readonly promises: readonly PolicyPromise[];
  /** Null without the option. */
  readonly near: NearCopies | null;
  readonly operations: Operations;
  readonly background: Background;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  readonly hooks: Hooks;
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
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
  const { replication, incarnation, parameters, limits, timing, clockSkewMs, random } = resolved;
  const { self, peers } = transport;
  const members = [self, ...peers];

  const state = createAtom(createInitialState(self, peers, resolved, recovered ?? undefined), clock);
  const journal = options.journal ?? createAuditJournal(options, limits);
  const subscriptions = createSubscriptions(options.onEvent);
  const emit = createEmit(state, journal, subscriptions);
  const placement = createPlacement({ nodes: members, replication });
  const trees = createSharedTrees(self, state, placement);
  const hasTrees = policy.background.includes("repair");
  const store = createStore(state, clock, {
    recordsMax: limits.recordsMax,
    stubsMax: limits.stubsMax,
    graceMs: timing.graceMs,
    eviction: options.eviction,
    onChange(keys, before, after) {
      if (hasTrees) trees.note(keys, before, after);
      for (const key of keys) {
        const record = after.get(key);
        if (record === undefined) continue;
        watches.noteHeld(record);
        near?.noteNewer(key, record.version);
      }
    },
  });
  const incarnations = createIncarnations(state, new Set(members));
  const catchUp = createCatchUp(
    state,
    peers,
    placement,
    incarnations,
    policy.catchUpPeers?.(placement.replication, parameters),
  );
  const watches: Watches = createWatches({
    clock,
    clockSkewMs,
    incarnation,
    incarnations,
    catchUp,
    watchesMax: limits.recordsMax,
    rpc: () => rpc,
    store: () => store,
  });
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
          admits: (record) => policyNode.admits?.(record) ?? true,
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
  const repairHost: TreeHost = {
    rpc,
    takeOver: writeAhead === null ? (records, done) => done(store.applyAll(records)) : writeAhead.takeOver,
    incarnations,
    catchUp,
    sharedWith: createSharedRecords(self, state, placement),
    trees,
    store,
    hooks,
  };
  const near =
    resolved.nearCopies === null
      ? null
      : createNearCopies({
          self,
          clock,
          clockSkewMs,
          rpc,
          placement,
          store,
          mayVote: (key) => catchUp.mayVote(key),
          ...resolved.nearCopies,
          acknowledgedBy: policy.acknowledgedBy?.(placement.replication) ?? 0,
        });
  const percentile = parameters["hedge"] ?? 0;
  const gatherHost: GatherHost = {
    self,
    rpc,
    incarnations,
    hooks,
    hedging: percentile > 0 ? createHedging({ state, clock, percentile, usualMs: timing.retryMs }) : null,
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
      case "tree":
        return answerTree(repairHost, from, request);
      case "fetch":
        return answerFetch(repairHost, request);
      case "pull":
        return answerPull(repairHost, from, request);
      case "watch":
        return watches.answerWatch(from, request);
      case "renew":
        return watches.answerRenew(from, request);
      case "invalidate":
        near?.onInvalidate(from, request);
        return null;
    }
  }

  function handOver(to: string, record: CacheRecord): number {
    const request = rpc.nextRequest();
    const message: DataRequest = { type: "store", incarnation, request, record };
    if (to !== self) rpc.send(to, rpc.encode(message));
    else {
      const reply = gatherHost.answerLocally(message);
      if (reply !== null) rpc.deliver(self, reply);
    }
    return request;
  }

  const kit: BackgroundKit = {
    self,
    peers,
    incarnation,
    parameters,
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
    handOver,
    hints: createHints(limits.hintsMax),
    countStampAhead: () => void state.swap(countStampAhead),
    onStop: operations.onEnd,
  };
  const policyNode = createGuarded(policy, kit);
  const background = startBackground(policy.background, kit, repairHost);
  operations.onEnd(() => background.stop());
  operations.onEnd(() => near?.stop());

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
    promises: promisesOf(policy.promisesOf?.(parameters, placement.replication) ?? policy.promises, options),
    near,
    operations,
    background,
    emit,
    hooks,
    clock,
    subscriptions,
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
  subscriptions: Subscriptions,
): (event: CacheEvent) => void {
  return (event) => {
    try {
      journal.append(event);
    } catch {
      // What happened has happened: a log that is full must not turn it into a failure.
      state.swap(countJournalError);
    }
    subscriptions.tell(event);
  };
}

/** Room for the largest record, and for a page of repair with the largest keys. */
function frameBytesMax({ keyBytesMax, valueBytesMax }: Limits): number {
  return valueBytesMax + 300 * (keyBytesMax + 128) + 400_000;
}
