/**
 * A process: a mailbox, a state, and one message at a time.
 *
 * It lives one life after the other. A life begins with `init` and ends when it fails or is stopped; all that the
 * life started (scheduled messages, children, questions) ends with it. The address, the mailbox and the
 * questions of others stay from life to life.
 *
 * The pump is driven by promise jobs, one message a job, so that processes take turns. An idle process holds no
 * timer and no job.
 */
import { attempt } from "./attempt.ts";
import { type Behavior, behaviorOfSpec } from "./behavior.ts";
import { type ProcessEvent, emitQuietly, messageType } from "./events.ts";
import { type Life, createLife, endLife } from "./life.ts";
import { createMailbox } from "./mailbox.ts";
import { startTimer } from "./one-shot-timer.ts";
import { type PendingAsk, createPendingAsks } from "./pending-asks.ts";
import { ProcessError } from "./process-errors.ts";
import { createRestartPolicy } from "./restart-policy.ts";
import { reportDecision } from "./supervisor.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ProcessRef, ProcessStatus, StopReason } from "./types.ts";
import { requireDuration, requireFunction } from "./validate.ts";

const ASK_TIMEOUT_MS = 5_000;
const INBOX_MAX = 1_024;
const RESOLVED = Promise.resolve();

interface Item<TMsg> {
  readonly msg: TMsg;
  readonly seq: number;
  /** The question this message carries, if it is one. */
  readonly ask: PendingAsk | undefined;
}

export interface Process<TMsg> {
  readonly ref: ProcessRef<TMsg>;
  /** Begins the first life. */
  start(): void;
}

/** Makes a process that has not started. `onEnd` is told when it will never run again. */
export function createProcess<TMsg, TState, TCtx>(
  behavior: Behavior<TMsg, TState, TCtx>,
  surroundings: Surroundings,
  onEnd: (ref: ProcessRef<TMsg>) => void,
): Process<TMsg> {
  const { emit, random } = surroundings;
  const { name, maxInbox = INBOX_MAX, mailboxPolicy = "reject" } = behavior;
  const id = surroundings.generateId(name);
  const mailbox = createMailbox<Item<TMsg>>(maxInbox, mailboxPolicy);
  const asks = createPendingAsks();
  const restarts = createRestartPolicy(behavior.supervision, random);

  let status: ProcessStatus = "starting";
  let life: Life<TMsg, TState, TCtx> | undefined;
  let sequence = 0;
  /** Somebody's function is running for this process: `init`, `handle` or what ends a life. */
  let isBusy = false;
  let isTurnQueued = false;
  /** It failed and will not be started again. */
  let isDown = false;
  let cancelRestart: (() => void) | undefined;
  let stopping:
    { readonly reason: StopReason; readonly promise: Promise<void>; readonly done: () => void } | undefined;

  function report(makeEvent: () => ProcessEvent): void {
    if (emit !== undefined) emitQuietly(emit, makeEvent());
  }

  const wallMs = () => surroundings.clock().now().wallMs;

  function begin(): void {
    cancelRestart = undefined;
    status = "starting";
    report(() => ({ type: "process:start", id, name, at: wallMs() }));
    const born = createLife<TMsg, TState, TCtx>({
      id,
      ctx: behavior.ctx,
      surroundings,
      send: (msg) => enqueue(msg),
      createChild: (spec, ctx, onChildEnd) =>
        createProcess(behaviorOfSpec(spec, ctx), surroundings, onChildEnd),
    });
    life = born;
    isBusy = true;
    attempt(
      () => behavior.init(born.tools),
      (state) => {
        isBusy = false;
        born.state = { value: state };
        if (stopping !== undefined) return finishStop();
        status = "running";
        report(() => ({ type: "process:ready", id, startedAt: wallMs() }));
        queueTurn();
      },
      (error) => {
        isBusy = false;
        fail(error);
      },
    );
  }

  function queueTurn(): void {
    if (isTurnQueued || isBusy || status !== "running" || mailbox.size === 0) return;
    isTurnQueued = true;
    void RESOLVED.then(takeTurn);
  }

  function takeTurn(): void {
    isTurnQueued = false;
    if (isBusy || status !== "running" || life?.state === undefined) return;
    const item = mailbox.take();
    if (item === undefined) return;
    const { state, tools } = life;
    const { msg, seq } = item;
    const msgType = emit === undefined ? "" : messageType(msg);
    const startedMs = emit === undefined ? 0 : surroundings.clock().now().monoMs;
    report(() => ({ type: "process:msg:start", id, msgType, seq, at: wallMs() }));
    isBusy = true;
    attempt(
      () => behavior.handle(state.value, msg, tools),
      (next) => {
        isBusy = false;
        if (next !== undefined) state.value = next;
        report(() => ({
          type: "process:msg:end",
          id,
          msgType,
          seq,
          durationMs: surroundings.clock().now().monoMs - startedMs,
        }));
        if (stopping !== undefined) finishStop();
        else queueTurn();
      },
      (error) => {
        isBusy = false;
        report(() => ({ type: "process:msg:error", id, msgType, seq, error }));
        item.ask?.reject(
          new ProcessError(`${id} failed while it handled the question`, id, { cause: error }),
        );
        fail(error);
      },
    );
  }

  function fail(error: unknown): void {
    report(() => ({ type: "process:fail", id, error, at: wallMs() }));
    if (stopping !== undefined) return finishStop();
    status = "failed";
    const decision =
      behavior.supervision.type === "none" ? undefined : restarts.decide(surroundings.clock().now().monoMs);
    if (emit !== undefined && decision !== undefined) reportDecision(emit, id, decision);
    if (decision?.kind !== "restart") {
      isDown = true;
      dropAll(() => new ProcessError(`${id} has failed`, id, { cause: error }));
    }
    endCurrentLife({ type: "error", error }, () => {
      if (stopping !== undefined) finishStop();
      else if (decision?.kind === "restart") restartIn(decision.delayMs);
      else onEnd(ref);
    });
  }

  function restartIn(delayMs: number): void {
    if (delayMs > 0) {
      cancelRestart = startTimer(surroundings.clock(), delayMs, begin);
      return;
    }
    // A job of its own, so that others get their turn between a failure and the next life.
    let isCanceled = false;
    cancelRestart = () => {
      isCanceled = true;
    };
    void RESOLVED.then(() => {
      if (!isCanceled) begin();
    });
  }

  function endCurrentLife(reason: StopReason, done: () => void): void {
    const ended = life;
    life = undefined;
    if (ended === undefined) return done();
    isBusy = true;
    const onStop = (state: TState) => behavior.onStop(state, reason);
    const onError = (error: unknown) => report(() => ({ type: "process:fail", id, error, at: wallMs() }));
    endLife(ended, onStop, onError, () => {
      isBusy = false;
      done();
    });
  }

  /** Drops what waits in the mailbox, and with it the questions; one in hand may still be answered. */
  function dropQueued(makeError: () => ProcessError): void {
    for (const item of mailbox.drain()) item.ask?.reject(makeError());
  }

  function dropAll(makeError: () => ProcessError): void {
    dropQueued(makeError);
    asks.rejectAll(makeError);
  }

  function stop(reason: StopReason = "normal"): Promise<void> {
    if (stopping !== undefined) return stopping.promise;
    let resolveStop: () => void = () => {};
    const promise = new Promise<void>((resolve) => {
      resolveStop = resolve;
    });
    stopping = { reason, promise, done: () => resolveStop() };
    status = "stopping";
    cancelRestart?.();
    cancelRestart = undefined;
    life?.cancelTimers();
    dropQueued(() => new ProcessError(`${id} was stopped`, id));
    if (!isBusy) finishStop();
    return promise;
  }

  function finishStop(): void {
    const { reason, done } = stopping as NonNullable<typeof stopping>;
    dropAll(() => new ProcessError(`${id} was stopped`, id));
    endCurrentLife(reason, () => {
      status = "stopped";
      report(() => ({ type: "process:stop", id, reason, at: wallMs() }));
      onEnd(ref);
      done();
    });
  }

  function enqueue(msg: TMsg, ask?: PendingAsk): boolean {
    if (isDown || stopping !== undefined) return false;
    if (mailbox.isFull) {
      const { size } = mailbox;
      report(() => ({ type: "process:mailbox:full", id, policy: mailboxPolicy, size }));
    }
    const item: Item<TMsg> = { msg, seq: ++sequence, ask };
    const left = mailbox.put(item);
    if (left === item) return false;
    left?.ask?.reject(new ProcessError(`The mailbox of ${id} overflowed and dropped the question`, id));
    report(() => ({ type: "process:mailbox:enqueue", id, size: mailbox.size }));
    queueTurn();
    return true;
  }

  const ref: ProcessRef<TMsg> = {
    id,
    name,
    send: (msg) => enqueue(msg),
    async ask(build, timeout = ASK_TIMEOUT_MS) {
      requireFunction("build", build);
      requireDuration("timeout", timeout);
      const describe = () => `${id} did not answer within ${timeout}ms`;
      return asks.open(surroundings.clock(), timeout, describe, (resolve, ask) => {
        if (!enqueue(build(resolve), ask))
          ask.reject(new ProcessError(`${id} does not take the question: it is ${whyNot()}`, id));
      });
    },
    stop,
    status: () => status,
  };

  function whyNot(): string {
    return status === "running" || status === "starting" ? "full" : status;
  }

  return { ref, start: begin };
}
