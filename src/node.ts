/**
 * One node of the cluster at work: puts its parts together, answers its peers, and starts its background work.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import { createJournal, type Journal } from "@phyxius/journal";
import type { BackgroundKit } from "./background/background.ts";
import { answerPull } from "./background/pull.ts";
import { type Background, startBackground } from "./background/start.ts";
import { createPulls } from "./background/pulls.ts";
import type { RepairHost } from "./background/repair.ts";
import { answerFetch, answerTree, type TreeHost } from "./background/tree-session.ts";
import { createCatchUp } from "./replication/catch-up.ts";
import { type Conductor, createConductor } from "./membership/conductor.ts";
import { countDisk, countJournalError, countRejectedFrame, countStampAhead } from "./observe/counting.ts";
import type { RecordLog } from "./durable/record-log.ts";
import { createWriteAhead } from "./durable/write-ahead.ts";
import type { CacheEvent } from "./observe/events.ts";
import type { GatherHost } from "./replication/gather.ts";
import { createHandover } from "./membership/handover.ts";
import { createHedging } from "./replication/hedging.ts";
import { createHints } from "./replication/hints.ts";
import { type Hooks, NO_HOOKS } from "./hooks.ts";
import { createIncarnations } from "./membership/incarnations.ts";
import { createMemberAnswers } from "./membership/member-answers.ts";
import { createMembership, type Membership } from "./membership/membership.ts";
import { createNearCopies, type NearCopies } from "./near/near-copies.ts";
import { createWatches, type Watches } from "./near/watches.ts";
import { createOperations, type Operations } from "./operations/operations.ts";
import type { CacheOptions, Limits, ResolvedOptions } from "./options.ts";
import { abd } from "./policies/abd.ts";
import { createGuarded } from "./policies/guarded.ts";
import { promisesOf } from "./operations/promises.ts";
import type { CacheRecord } from "./local/record.ts";
import type { PolicyCard, PolicyNode, PolicyPromise } from "./policies/policy.ts";
import { createRpc } from "./transport/rpc.ts";
import { createSharedRecords } from "./replication/shared-records.ts";
import { createSharedTrees } from "./replication/shared-trees.ts";
import { type CacheState, createInitialState, type Recovered } from "./state.ts";
import { createStore } from "./local/store.ts";
import { createSubscriptions, type Subscriptions } from "./observe/subscriptions.ts";
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
  readonly card: PolicyCard;
  /** Every node that the transport reaches, and this one. */
  readonly nodes: readonly string[];
  readonly membership: Membership;
  readonly conductor: Conductor;
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

  const state = createAtom(createInitialState(self, peers, resolved, recovered ?? undefined), clock);
  const journal = options.journal ?? createAuditJournal(options, limits);
  const subscriptions = createSubscriptions(options.onEvent);
  const emit = createEmit(state, journal, subscriptions);
  const { hasFixedOwners } = policy;
  const membership = createMembership({ self, peers, state, replication, hasFixedOwners });
  const trees = createSharedTrees(self, state, membership);
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
  const incarnations = createIncarnations(state, new Set([self, ...peers]));
  const catchUp = createCatchUp(
    self,
    state,
    membership,
    incarnations,
    policy.catchUpPeers?.(replication, parameters),
  );
  const handover = createHandover(
    self,
    state,
    membership,
    catchUp,
    policy.handover?.(replication, parameters),
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
          membership,
          hooks,
          admits: (record) => policyNode.admits?.(record) ?? true,
          answer,
          onRefused: () => void state.swap((current) => countDisk(current, "refused")),
        });
  const rpc = createRpc({
    transport,
    codec: createCodec({ frameBytesMax: frameBytesMax(limits) }),
    incarnation,
    incarnations,
    membership,
    onBehind: learnFrom,
    answer:
      writeAhead === null
        ? answer
        : (from, request) => writeAhead.serve(from, request, (reply) => rpc.send(from, rpc.encode(reply))),
    onRejected: (_from, kind) => void state.swap((current) => countRejectedFrame(current, kind)),
  });
  const treeHost: TreeHost = {
    rpc,
    takeOver: writeAhead === null ? (records, done) => done(store.applyAll(records)) : writeAhead.takeOver,
    incarnations,
    catchUp,
    votes: () => state.deref().membership.votes,
    sharedWith: createSharedRecords(self, state, membership),
    trees,
    store,
    hooks,
  };
  const pulls = createPulls(treeHost);
  const repairHost: RepairHost = { ...treeHost, pulls };
  const near =
    resolved.nearCopies === null
      ? null
      : createNearCopies({
          self,
          clock,
          clockSkewMs,
          rpc,
          placement: membership,
          store,
          mayVote: (key) => catchUp.mayVote(key),
          ...resolved.nearCopies,
          acknowledgedBy: policy.acknowledgedBy?.(replication, parameters) ?? 0,
        });
  const percentile = parameters["hedge"] ?? 0;
  const gatherHost: GatherHost = {
    self,
    rpc,
    incarnations,
    hooks,
    membership,
    hedging: percentile > 0 ? createHedging({ state, clock, percentile, usualMs: timing.retryMs }) : null,
    answerLocally:
      writeAhead === null
        ? (request) => answer(self, request)
        : (request) => writeAhead.serve(self, request, (reply) => rpc.deliver(self, reply)),
  };
  const operations = createOperations({
    self,
    incarnation,
    clock,
    retryMs: timing.retryMs,
    honoursDeadlines: policy.honoursDeadlines,
  });

  const answerOnMembers = createMemberAnswers({
    self,
    incarnation,
    state,
    membership,
    incarnations,
    catchUp,
    handover,
    onAwaited() {
      for (const peer of handover.missing()) if (peer !== self) pulls.urge(peer);
    },
  });
  const conductor = createConductor({
    self,
    incarnation,
    clock,
    retryMs: timing.retryMs,
    random,
    state,
    membership,
    handover,
    host: gatherHost,
  });

  let askedMs = Number.NEGATIVE_INFINITY;

  /** Asks a node that is in a newer configuration which one that is; once in a while, whoever it is. */
  function learnFrom(peer: string): void {
    const { monoMs } = clock.now();
    if (monoMs - askedMs < LEARN_EVERY_MS) return;
    askedMs = monoMs;
    const { configuration } = membership;
    rpc.send(peer, rpc.encode({ type: "inform", incarnation, request: rpc.nextRequest(), configuration }));
  }

  function answer(from: string, request: RequestMessage): ReplyMessage | null {
    switch (request.type) {
      case "store":
        // Given up by somebody else in the meantime: a hint, or a store that waited for the disk.
        if (membership.epoch > 1 && hasFixedOwners && !isOwnedHere(request.record.key)) return null;
        return policyNode.answer(from, request);
      case "read":
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
      case "inform":
      case "vote":
      case "take-over":
        return answerOnMembers(request);
    }
  }

  function isOwnedHere(key: string): boolean {
    return membership.ownersOf(key).includes(self);
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
    hasForgotten: resolved.mustCatchUp,
    parameters,
    clock,
    timing,
    clockSkewMs,
    state,
    store,
    placement: membership,
    membership,
    handover,
    tendMembers: createTending(operations, conductor),
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

  membership.onMove(({ epoch, members, previous }) => {
    near?.dropAll();
    emit({
      type: "cache.membership.changed",
      operation: null,
      epoch,
      members: members.map(({ id }) => id),
      previous: previous?.map(({ id }) => id) ?? null,
      isMember: members.some(({ id }) => id === self),
    });
    // Whatever it has, it refuses from now on what is older, and that must be so after a crash as well.
    log?.keepLife(() => {});
  });
  if (log !== null) follow(log);

  /** The log is kept for this node, and hears of what changes in what it knows of lives. */
  function follow(log: RecordLog): void {
    log.follow({
      life: () => ({
        node: self,
        incarnation,
        isWhole: catchUp.isDone(),
        known: incarnations.restarted,
        membership: state.deref().membership,
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
    promises: promisesOf(policy.promisesOf?.(parameters, replication) ?? policy.promises, options),
    near,
    operations,
    card: policy,
    nodes: [self, ...peers],
    membership,
    conductor,
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

/** A node that is behind asks no more often than this. */
const LEARN_EVERY_MS = 20;
/** For how many rounds of repair a change may seem to stand still. */
const PATIENCE_ROUNDS = 3;

/** Completes a change of members when whoever began it does not get on. */
function createTending(operations: Operations, conductor: Conductor): () => void {
  let pendingRounds = 0;
  let isFinishing = false;
  return () => {
    pendingRounds = conductor.isPending() ? pendingRounds + 1 : 0;
    if (pendingRounds < PATIENCE_ROUNDS || isFinishing) return;
    isFinishing = true;
    const over = (): void => {
      isFinishing = false;
    };
    operations.task((context) => conductor.finish(context), null).then(over, over);
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
