/**
 * One node of the cluster at work: puts its parts together, answers its peers, and starts its background work.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import type { Clock } from "@phyxius/clock";
import type { Journal } from "@phyxius/journal";
import { UNDER_WAY } from "../background/under-way.ts";
import type { RepairHost } from "../background/repair.ts";
import { type Background, startBackground } from "../background/start.ts";
import type { TreeHost } from "../background/tree-session.ts";
import type { RecordLog } from "../durable/record-log.ts";
import { type Hooks, NO_HOOKS } from "../hooks.ts";
import type { Conductor } from "../membership/conductor.ts";
import type { Membership } from "../membership/membership.ts";
import type { NearCopies } from "../near/near-copies.ts";
import type { Watches } from "../near/watches.ts";
import { countDisk, countRejectedFrame } from "../observe/counting.ts";
import type { CacheEvent } from "../observe/events.ts";
import { createSubscriptions, type Subscriptions } from "../observe/subscriptions.ts";
import type { Operations } from "../operations/operations.ts";
import { promisesOf } from "../operations/promises.ts";
import type { CacheOptions, Limits, ResolvedOptions } from "../options.ts";
import { abd } from "../policies/abd.ts";
import type { PolicyCard, PolicyNode, PolicyPromise } from "../policies/policy.ts";
import type { Hints } from "../replication/hints.ts";
import type { GatherHost } from "../replication/gather.ts";
import { type CacheState, createInitialState, type Recovered } from "../state.ts";
import type { Rpc } from "../transport/rpc.ts";
import { createAbsoluteTtlClock, createRelativeTtlClock, type TtlClock } from "../ttl/ttl-clock.ts";
import type { Answer } from "./answers.ts";
import { createAuditJournal } from "./audit.ts";
import { createKit } from "./kit.ts";
import { createKnowledge } from "./knowledge.ts";
import { createLearning } from "./learning.ts";
import { keepLog } from "./log-keeping.ts";
import { type NodeParts, PARTS } from "./parts.ts";

export interface CacheNode {
  readonly state: Atom<CacheState>;
  readonly journal: Journal<CacheEvent>;
  readonly policy: PolicyNode;
  readonly policyName: string;
  readonly promises: readonly PolicyPromise[];
  /** Null without the option. */
  readonly near: NearCopies | null;
  readonly hints: Hints;
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
  readonly ttl: TtlClock;
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
  parts: NodeParts = PARTS,
): CacheNode {
  const { transport, clock, policy = abd, hooks = NO_HOOKS } = options;
  const { incarnation, parameters, limits, timing, clockSkewMs, clockDriftPpm, random } = resolved;
  const isRelative = resolved.ttlMode === "relative";
  const { self, peers } = transport;

  const state = createAtom(createInitialState(self, peers, resolved, recovered ?? undefined), clock);
  const journal = options.journal ?? createAuditJournal(options, limits);
  const subscriptions = createSubscriptions(options.onEvent);
  const emit = parts.createEmit(state, journal, subscriptions);
  const ttl = isRelative
    ? createRelativeTtlClock(clock, clockDriftPpm)
    : createAbsoluteTtlClock(clock, clockSkewMs);
  const knowledge = createKnowledge(parts, state, policy, options, resolved, ttl, (record) => {
    watches.noteHeld(record);
    near?.noteNewer(record.key, record.version);
  });
  const { membership, trees, store, incarnations, catchUp, handover } = knowledge;
  const watches: Watches = parts.createWatches({
    clock,
    ttl,
    incarnation,
    incarnations,
    catchUp,
    watchesMax: limits.recordsMax,
    rpc: () => rpc,
    store: () => store,
  });

  const log = recovered?.log ?? null;
  // What takes part in an answer is made further down, and needs what carries answers.
  const answerAtOnce: Answer = (from, request) => answer(from, request);
  const writeAhead =
    log === null
      ? null
      : parts.createWriteAhead({
          log,
          store,
          incarnation,
          incarnations,
          catchUp,
          membership,
          hooks,
          admits: (record) => policyNode.admits?.(record) ?? true,
          answer: answerAtOnce,
          onRefused: () => void state.swap((current) => countDisk(current, "refused")),
        });
  const codec = parts.createCodec({ frameBytesMax: frameBytesMax(limits) });
  const link = isRelative
    ? parts.createRelativeLink({ transport, codec, clock, incarnation, clockDriftPpm })
    : { transport, codec };
  const rpc: Rpc = parts.createRpc({
    ...link,
    incarnation,
    incarnations,
    membership,
    onBehind: createLearning(clock, membership, () => rpc),
    answer:
      writeAhead === null
        ? answerAtOnce
        : (from, request) => writeAhead.serve(from, request, (reply) => rpc.send(from, rpc.encode(reply))),
    onRejected(from, kind) {
      state.swap((current) => countRejectedFrame(current, kind));
      if (kind === "clock") ping(from);
    },
  });
  /** Every message tells its receiver of this node's clock; nobody waits for the answer. */
  function ping(peer: string): void {
    rpc.send(peer, rpc.encode({ type: "ping", incarnation, request: rpc.nextRequest() }));
  }
  const treeHost: TreeHost = {
    rpc,
    takeOver: writeAhead === null ? (records, done) => done(store.applyAll(records)) : writeAhead.takeOver,
    incarnations,
    catchUp,
    votes: () => state.deref().membership.votes,
    sharedWith: parts.createSharedRecords(self, state, membership),
    trees,
    store,
    hooks,
  };
  const pulls = parts.createPulls(treeHost);
  const repair: RepairHost = { ...treeHost, pulls };
  const near =
    resolved.nearCopies === null
      ? null
      : parts.createNearCopies({
          self,
          clock,
          ttl,
          rpc,
          placement: membership,
          store,
          mayVote: (key) => catchUp.mayVote(key),
          ...resolved.nearCopies,
          acknowledgedBy: policy.acknowledgedBy?.(resolved.replication, parameters) ?? 0,
          createChannel: parts.createOwnerChannel,
        });
  const percentile = parameters["hedge"] ?? 0;
  const gatherHost: GatherHost = {
    self,
    rpc,
    incarnations,
    hooks,
    membership,
    hedging:
      percentile > 0 ? parts.createHedging({ state, clock, percentile, usualMs: timing.retryMs }) : null,
    answerLocally:
      writeAhead === null
        ? (request) => answer(self, request)
        : (request) => writeAhead.serve(self, request, (reply) => rpc.deliver(self, reply)),
  };
  const operations = parts.createOperations({
    self,
    incarnation,
    clock,
    ttl,
    retryMs: timing.retryMs,
    retryMsMax: timing.retryMsMax,
    random,
    honoursDeadlines: policy.honoursDeadlines,
    askMsMax: policy.hasFixedOwners ? timing.graceMs * UNDER_WAY.operation : Number.POSITIVE_INFINITY,
  });

  const answerOnMembers = parts.createMemberAnswers({
    ...knowledge,
    onAwaited() {
      for (const peer of handover.missing()) if (peer !== self) pulls.urge(peer);
    },
  });
  const conductor = parts.createConductor({
    self,
    incarnation,
    clock,
    retryMs: timing.retryMs,
    retryMsMax: timing.retryMsMax,
    random,
    state,
    membership,
    handover,
    host: gatherHost,
  });
  const hints = parts.createHints(limits.hintsMax);
  const kit = createKit({
    cache: options,
    resolved,
    ttl,
    knowledge,
    host: gatherHost,
    keep: writeAhead?.keep ?? ((record, done) => done(store.apply(record) ? "kept" : "full")),
    operations,
    hints,
    emit,
    hasFixedOwners: policy.hasFixedOwners,
    tendMembers: parts.createTending(operations, conductor),
  });
  const policyNode = parts.createPolicyNode(policy, kit);
  const answer = parts.createAnswers({
    self,
    incarnation,
    incarnations,
    membership,
    hasFixedOwners: policy.hasFixedOwners,
    policy: policyNode,
    repair,
    watches,
    near,
    onForget({ held }) {
      const evictions = store.drop(held);
      if (evictions > 0) emit({ type: "cache.cleanup.completed", operation: null, evictions });
    },
    answerOnMembers,
  });
  const background = startBackground(policy.background, kit, repair, parts.processes);
  operations.onEnd(() => background.stop());
  operations.onEnd(() => near?.stop());
  if (isRelative) for (const peer of peers) ping(peer);

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
  if (log !== null) operations.onEnd(keepLog(log, knowledge, emit));

  return {
    state,
    journal,
    policy: policyNode,
    policyName: policy.name,
    promises: promisesOf(policy.promisesOf?.(parameters, resolved.replication) ?? policy.promises, options),
    card: policy,
    nodes: [self, ...peers],
    near,
    hints,
    operations,
    membership,
    conductor,
    background,
    emit,
    hooks,
    clock,
    ttl,
    subscriptions,
    async stop() {
      await operations.end();
      rpc.stop();
      log?.close();
    },
  };
}

/** Room for the largest record, and for a page of repair with the largest keys. */
function frameBytesMax({ keyBytesMax, valueBytesMax }: Limits): number {
  return valueBytesMax + 300 * (keyBytesMax + 128) + 400_000;
}
