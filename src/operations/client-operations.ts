/**
 * How a call becomes an operation: checked first, numbered, run as an effect, written to the audit log at its start
 * and at its end, counted, and timed.
 */
import {
  countConflict,
  countGetError,
  countHit,
  countLoading,
  countMiss,
  countRefusal,
  countWrite,
  countWriteError,
  type FailureKind,
} from "../observe/counting.ts";
import { CacheError, IndeterminateError } from "../errors.ts";
import type { CacheEvent } from "../observe/events.ts";
import type { Latencies } from "../observe/latencies.ts";
import type { CacheNode } from "../node/node.ts";
import { explainEnd, type Operation, type OperationKind } from "./operation.ts";
import type { PendingOperation } from "./operations.ts";
import type { Hit, Lookup, Stale } from "./results.ts";
import { decodeStored, isPlain } from "../local/stored-value.ts";

/** What the audit log says of a write. */
export interface WriteEvents<A> {
  readonly started: CacheEvent;
  readonly completed: (result: A) => CacheEvent;
  readonly failed:
    "cache.set.error" | "cache.delete.error" | "cache.touch.error" | "cache.compare_and_set.error";
}

export interface Read {
  /** Without `acceptStale`, what is stale is a miss. */
  <T>(operation: PendingOperation, acceptStale: false): Promise<Lookup<T>>;
  <T>(operation: PendingOperation, acceptStale: true): Promise<Lookup<T> | Stale<T>>;
}

export interface ClientOperations {
  /** Lets a call become an operation; otherwise counts the refusal and throws it. */
  admit(check: () => void): void;
  begin(kind: OperationKind, key: string, deadlineMs: number): PendingOperation;
  readonly read: Read;
  /** The near copy, if there is one that may be served. Counted, and nothing else: it is no operation. */
  readNear<T>(key: string): Hit<T> | undefined;
  /** A key is being written through this node, or was. */
  dropNear(key: string): void;
  write<A>(
    operation: PendingOperation,
    events: WriteEvents<A>,
    work: (operation: Operation) => Promise<A>,
  ): Promise<A>;
  /** Explains what an operation failed with, and names in the audit log the replicas that kept silent. */
  explain(operation: PendingOperation, thrown: unknown): unknown;
}

export function createClientOperations(
  { state, policy, operations, emit, hooks, clock, ttl, near }: CacheNode,
  latencies: Latencies,
  requireRunning: () => void,
): ClientOperations {
  function noteEnd({ kind, startedMonoMs }: PendingOperation): void {
    latencies.record(kind, clock.now().monoMs - startedMonoMs);
  }

  function explain(operation: PendingOperation, thrown: unknown): unknown {
    const { id, key, gather, mayHaveHappened } = operation;
    if (gather !== null && !gather.isComplete) {
      const type = mayHaveHappened ? "cache.replication.failure" : "cache.node.error";
      for (const nodeId of gather.answers().silent) {
        emit({ type, operation: id, key, nodeId, error: "no answer" });
      }
    }
    return explainEnd(operation, thrown);
  }

  function missed({ id, key }: PendingOperation): void {
    state.swap(countMiss);
    emit({ type: "cache.get.miss", operation: id, key });
  }

  function read<T>(operation: PendingOperation, acceptStale: false): Promise<Lookup<T>>;
  function read<T>(operation: PendingOperation, acceptStale: true): Promise<Lookup<T> | Stale<T>>;
  async function read<T>(operation: PendingOperation, acceptStale: boolean): Promise<Lookup<T> | Stale<T>> {
    const { id, key } = operation;
    emit({ type: "cache.get.started", operation: id, key });
    try {
      const found = await operations.run(operation, policy.get);
      noteEnd(operation);
      if (near !== null && operation.seen !== null) near.noteNewer(key, operation.seen);
      if (found === null) {
        missed(operation);
        return { status: "miss" };
      }
      const { source, version, expireAtMs } = found;
      let text = found.value;
      let spareMs = 0;
      if (!isPlain(text)) {
        const { json, staleMs } = decodeStored(text);
        if (json === null) {
          state.swap((current) => countLoading(current, "negatives"));
          missed(operation);
          return { status: "negative" };
        }
        text = json;
        spareMs = staleMs;
        if (expireAtMs !== undefined && ttl.nowMs() >= expireAtMs - staleMs) {
          if (!acceptStale) {
            missed(operation);
            return { status: "miss" };
          }
          const value = JSON.parse(text) as T;
          state.swap((current) => countLoading(countHit(current), "stale"));
          emit({ type: "cache.get.hit", operation: id, key, source, version, isStale: true });
          return { status: "stale", value, source, version };
        }
      }
      if (near !== null && operation.seen !== null) near.offer(key, text, operation.seen, spareMs);
      const value = JSON.parse(text) as T;
      state.swap(countHit);
      emit({ type: "cache.get.hit", operation: id, key, source, version });
      return { status: "hit", value, source, version };
    } catch (thrown) {
      noteEnd(operation);
      const error = explain(operation, thrown);
      const code = failureKind(error);
      state.swap((current) => countGetError(current, code));
      emit({ type: "cache.get.error", operation: id, key, code, error: messageOf(error) });
      if (error instanceof CacheError) return { status: "unavailable", error };
      throw error;
    }
  }

  return {
    admit(check) {
      try {
        check();
        requireRunning();
      } catch (error) {
        state.swap((current) => countRefusal(current, failureKind(error)));
        throw error;
      }
    },

    begin: (kind, key, deadlineMs) => operations.begin(kind, key, deadlineMs),

    read,

    readNear: (key) => near?.read(key),

    dropNear: (key) => near?.drop(key),

    async write<A>(
      operation: PendingOperation,
      { started, completed, failed }: WriteEvents<A>,
      work: (operation: Operation) => Promise<A>,
    ): Promise<A> {
      const { id, key } = operation;
      emit(started);
      let result: A;
      try {
        result = await operations.run(operation, work);
      } catch (thrown) {
        noteEnd(operation);
        const error = explain(operation, thrown);
        const code = failureKind(error);
        if (error instanceof IndeterminateError) hooks.sometimes("write-unclear");
        state.swap((current) => countWriteError(current, code));
        emit({ type: failed, operation: id, key, code, error: messageOf(error) });
        throw error;
      }
      noteEnd(operation);
      const end = completed(result);
      const isConflict = end.type === "cache.compare_and_set.completed" && !end.isSet;
      state.swap(isConflict ? countConflict : countWrite);
      emit(end);
      return result;
    },

    explain,
  };
}

export function failureKind(error: unknown): FailureKind {
  return error instanceof CacheError ? error.code : "unexpected";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
