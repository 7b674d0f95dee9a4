/**
 * One node of the cluster at work: builds its parts, answers its peers, and runs operations and background work
 * under one root, so that stopping the root stops it all.
 */
import { type Atom, createAtom } from "@phyxius/atom";
import { ms } from "@phyxius/clock";
import { type RunContext, runEffect } from "@phyxius/effect";
import { createJournal, type Journal } from "@phyxius/journal";
import { createRootSupervisor } from "@phyxius/process";
import type { BackgroundKit, BackgroundProcess } from "./background/background.ts";
import { createExpiryProcess } from "./background/expiry.ts";
import { createHealthProcess } from "./background/health.ts";
import { answerCompare, answerPull, type PullHost } from "./background/pull.ts";
import { createRepairProcess } from "./background/repair.ts";
import { createStatisticsProcess } from "./background/statistics.ts";
import { createCatchUp } from "./catch-up.ts";
import { countJournalError, countRejectedFrame } from "./counting.ts";
import type { CacheEvent } from "./events.ts";
import { Gather, type GatherHost } from "./gather.ts";
import { createIncarnations } from "./incarnations.ts";
import type { Operation, OperationKind } from "./operation.ts";
import { type CacheOptions, type Limits, type ResolvedOptions } from "./options.ts";
import { createPlacement } from "./placement.ts";
import { abd } from "./policies/abd.ts";
import type { BackgroundWork, PolicyNode } from "./policies/policy.ts";
import { operationId } from "./record.ts";
import { createRpc } from "./rpc.ts";
import { createSharedRecords } from "./shared-records.ts";
import { type CacheState, createInitialState } from "./state.ts";
import { createStore } from "./store.ts";
import { createCodec } from "./wire/codec.ts";
import type { PingRequest, PongReply, ReplyMessage, RequestMessage } from "./wire/messages.ts";

export interface CacheNode {
  readonly state: Atom<CacheState>;
  readonly journal: Journal<CacheEvent>;
  readonly policy: PolicyNode;
  /** Writes to the audit log. Never throws. */
  readonly emit: (event: CacheEvent) => void;
  /** Numbers and names an operation. It runs when it is handed to `run`. */
  begin(kind: OperationKind, key: string, deadlineMs: number): PendingOperation;
  /**
   * Runs the operation in an effect of its own. Rejects as `work` does, or as the effect does when the deadline
   * or the end of the node cut it off; either way its timers are gone by then.
   */
  run<A>(operation: PendingOperation, work: (operation: Operation) => Promise<A>): Promise<A>;
  /** Interrupts all operations and stops background work. */
  stop(): Promise<void>;
}

/** An operation that may not have its context yet. */
export type PendingOperation = Omit<Operation, "context"> & { context: RunContext | undefined };

export function createNode(options: CacheOptions, resolved: ResolvedOptions): CacheNode {
  const { transport, clock, policy = abd, onEvent } = options;
  const { replication, incarnation, mustCatchUp, limits, timing, random } = resolved;
  const { self, peers } = transport;
  const members = [self, ...peers];

  const state = createAtom<CacheState>(
    createInitialState({ self, peers, incarnation, mustCatchUp, replicationFactor: replication }),
    clock,
  );
  const journal =
    options.journal ??
    createJournal<CacheEvent>({
      clock,
      maxEntries: limits.journalEntriesMax,
      overflow: "bounded:drop_oldest",
    });
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
  const sharedWith = createSharedRecords(self, state, placement);
  const pullHost: PullHost = { rpc, store, incarnations, catchUp, sharedWith };
  const gatherHost: GatherHost = {
    self,
    rpc,
    incarnations,
    answerLocally: (request) => policyNode.answer(self, request),
  };

  // Every operation is a child of this effect, which ends only when all of them have.
  let root: RunContext | undefined;
  let endRoot: () => void = () => {};
  const rootEnded = runEffect<void>(
    (context) => {
      root = context;
      return new Promise((resolve) => {
        endRoot = resolve;
      });
    },
    { clock },
  );
  let operationCount = 0;

  function emit(event: CacheEvent): void {
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
  }

  function answerPing({ request, incarnation: requester }: PingRequest): PongReply {
    return { type: "pong", incarnation, request, requester, known: incarnations.restarted };
  }

  function answer(from: string, request: RequestMessage): ReplyMessage | null {
    switch (request.type) {
      case "read":
      case "store":
      case "erase":
        return policyNode.answer(from, request);
      case "ping":
        return answerPing(request);
      case "compare":
        return answerCompare(pullHost, from, request);
      case "pull":
        return answerPull(pullHost, from, request);
    }
  }

  function retry(operation: Operation): void {
    operation.retryTimer = clock.interval(ms(timing.retryMs), () => operation.gather?.resend());
    operation.context.defer(() => {
      operation.retryTimer?.cancel();
      operation.gather?.abandon();
    });
  }

  const kit: BackgroundKit = {
    self,
    peers,
    incarnation,
    clock,
    state,
    store,
    placement,
    rpc,
    incarnations,
    catchUp,
    timing,
    random,
    emit,
    gather(operation, gatherOptions) {
      const gather = new Gather(gatherHost, gatherOptions);
      operation.gather = gather;
      gather.start();
      if (operation.retryTimer === null && !gather.isOver) retry(operation);
      return gather;
    },
    onStop: (cleanUp) => root?.defer(cleanUp),
  };

  const processes: Readonly<Record<BackgroundWork, () => BackgroundProcess>> = {
    expiry: () => createExpiryProcess(kit),
    health: () => createHealthProcess(kit),
    statistics: () => createStatisticsProcess(kit),
    repair: () => createRepairProcess(kit, pullHost),
  };

  const policyNode = policy.create(kit);
  const supervisor = createRootSupervisor({ clock, random });
  for (const work of policy.background) supervisor.spawn(processes[work](), undefined);
  kit.onStop(() => supervisor.stop());

  return {
    state,
    journal,
    policy: policyNode,
    emit,
    begin(kind, key, deadlineMs) {
      const number = ++operationCount;
      return {
        kind,
        key,
        number,
        id: operationId(self, incarnation, number),
        startedMs: clock.now().wallMs,
        deadlineMs,
        context: undefined,
        mayHaveHappened: false,
        gather: null,
        retryTimer: null,
      };
    },
    run(operation, work) {
      return runEffect(
        (context) => {
          context.set("operation", operation.id);
          context.set("key", operation.key);
          operation.context = context;
          return work(operation as Operation);
        },
        {
          clock,
          context: root,
          timeoutMs: policy.honoursDeadlines ? operation.deadlineMs : undefined,
        },
      );
    },
    async stop() {
      endRoot();
      await rootEnded;
      rpc.stop();
    },
  };
}

/** Room for the largest record, and for a page of repair with the largest keys. */
function frameBytesMax({ keyBytesMax, valueBytesMax }: Limits): number {
  return valueBytesMax + 300 * (keyBytesMax + 128) + 400_000;
}
