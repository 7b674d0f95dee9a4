import type { Clock } from "@phyxius/clock";
import { type RunContext, runEffect } from "@phyxius/effect";
import { Gather, type GatherHost, type GatherOptions } from "../replication/gather.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { Operation, OperationKind } from "./operation.ts";
import { operationId } from "../local/record.ts";
import type { TtlClock } from "../ttl/ttl-clock.ts";

/** An operation that may not have its context yet. */
export type PendingOperation = Omit<Operation, "context"> & { context: RunContext | undefined };

/** The operations of one node, all of them children of one effect: when that is ended, they all are. */
export interface Operations {
  /** Numbers and names an operation. It runs when it is handed to `run`. */
  readonly begin: (kind: OperationKind, key: string, deadlineMs: number) => PendingOperation;
  /**
   * Runs the operation in an effect of its own. Rejects as `work` does, or as the effect does when the deadline
   * or the end of the node cut it off; either way its timers are gone by then.
   */
  readonly run: <A>(operation: PendingOperation, work: (operation: Operation) => Promise<A>) => Promise<A>;
  /** Runs what is no operation of its own for `timeoutMs` at most, and not beyond the life of the node. */
  readonly within: <A>(timeoutMs: number, work: (context: RunContext) => Promise<A>) => Promise<A>;
  /** Asks several replicas, again and again while the operation lasts. */
  readonly gather: (host: GatherHost, operation: Operation, options: GatherOptions) => Gather;
  /**
   * Runs a piece of work that belongs to no operation, in an effect of its own; rejects as `run` does.
   * @param deadlineMs when it is cut off; null lets it go on as long as the node
   */
  readonly task: <A>(work: (context: RunContext) => Promise<A>, deadlineMs: number | null) => Promise<A>;
  /** Runs when all operations have ended, last come first served. */
  readonly onEnd: (cleanUp: () => void | Promise<void>) => void;
  /** Interrupts what is running, and resolves when it and its clean-up are over. Nothing runs after it. */
  readonly end: () => Promise<void>;
}

export interface OperationsOptions {
  readonly self: string;
  readonly incarnation: number;
  readonly clock: Clock;
  readonly ttl: TtlClock;
  readonly retryMs: number;
  readonly retryMsMax: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whether a deadline ends an operation that is still running. */
  readonly honoursDeadlines: boolean;
  /** For how long it may ask replicas for anything, whatever its deadline. */
  readonly askMsMax: number;
}

export function createOperations(options: OperationsOptions): Operations {
  const { self, incarnation, clock, ttl, honoursDeadlines, askMsMax } = options;
  const backoff: BackoffOptions = {
    clock,
    firstMs: options.retryMs,
    maxMs: options.retryMsMax,
    random: options.random,
  };
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
  let count = 0;

  /**
   * A node that stood still may come to this before the timer of the deadline. What the operation is about to store may
   * have been replaced by then, and that forgotten: see `settling.ts`.
   */
  function isLate({ startedMonoMs, deadlineMs }: Operation): boolean {
    const lastsMs = honoursDeadlines ? Math.min(deadlineMs, askMsMax) : askMsMax;
    return clock.now().monoMs > startedMonoMs + lastsMs;
  }

  function startRetrying(operation: Operation): void {
    operation.retries = new Backoff(backoff, () => {
      if (!isLate(operation)) operation.gather?.resend();
    });
    operation.context.defer(() => {
      operation.retries?.cancel();
      operation.gather?.abandon();
    });
  }

  return {
    begin(kind, key, deadlineMs) {
      const number = ++count;
      const now = clock.now();
      return {
        kind,
        key,
        number,
        id: operationId(self, incarnation, number),
        startedMs: ttl.at(now),
        startedMonoMs: now.monoMs,
        deadlineMs,
        context: undefined,
        mayHaveHappened: false,
        seen: null,
        gather: null,
        retries: null,
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
        { clock, context: root, timeoutMs: honoursDeadlines ? operation.deadlineMs : undefined },
      );
    },
    within: (timeoutMs, work) => runEffect(work, { clock, context: root, timeoutMs }),
    gather(host, operation, gatherOptions) {
      const gather = new Gather(host, gatherOptions);
      operation.gather = gather;
      // It never ends then, as the operation is about to.
      if (isLate(operation)) return gather;
      gather.start();
      if (gather.isOver) return gather;
      if (operation.retries === null) startRetrying(operation);
      else operation.retries.startAnew();
      return gather;
    },
    task: (work, deadlineMs) => runEffect(work, { clock, context: root, timeoutMs: deadlineMs ?? undefined }),
    onEnd: (cleanUp) => root?.defer(cleanUp),
    end() {
      endRoot();
      return rootEnded;
    },
  };
}
