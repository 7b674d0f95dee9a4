/** One life of a process: its state, and everything that must not outlive it. */
import { attempt } from "./attempt.ts";
import { emitQuietly } from "./events.ts";
import { startTimer } from "./one-shot-timer.ts";
import { createPendingAsks } from "./pending-asks.ts";
import { ProcessError } from "./process-errors.ts";
import type { Process } from "./process.ts";
import type { ProcessId } from "./process-id.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ProcessRef, ProcessSpec, Tools } from "./types.ts";
import { requireDuration, requireFunction } from "./validate.ts";

const ASK_TIMEOUT_MS = 5_000;

/** What a life needs of the process it belongs to. */
export interface LifeOptions<TMsg, TCtx> {
  readonly id: ProcessId;
  readonly ctx: TCtx;
  readonly surroundings: Surroundings;
  send(msg: TMsg): boolean;
  createChild<M, S, C>(spec: ProcessSpec<M, S, C>, ctx: C, onEnd: (child: ProcessRef<M>) => void): Process<M>;
}

export interface Life<TMsg, TState, TCtx> {
  readonly tools: Tools<TMsg, TCtx>;
  /** Set when `init` has succeeded. */
  state: { value: TState } | undefined;
  /** Nothing that was scheduled will be delivered. */
  cancelTimers(): void;
  /** Ends all it started; calls `done` when its last child has stopped, at once if it has none. */
  end(done: () => void): void;
}

export function createLife<TMsg, TState, TCtx>(options: LifeOptions<TMsg, TCtx>): Life<TMsg, TState, TCtx> {
  const { id, ctx, surroundings } = options;
  const { emit, journal } = surroundings;
  const timers = new Set<() => void>();
  const children = new Set<Pick<ProcessRef<never>, "stop">>();
  const questions = createPendingAsks();
  let isOver = false;

  function spawn<M, S, C>(spec: ProcessSpec<M, S, C>, childCtx: C): ProcessRef<M> {
    if (isOver) throw new ProcessError(`This life of ${id} is over: it cannot spawn`, id);
    const child = options.createChild(spec, childCtx, (ended) => children.delete(ended));
    children.add(child.ref);
    child.start();
    return child.ref;
  }

  function schedule(after: number, msg: TMsg): () => void {
    requireDuration("after", after);
    if (isOver) return ignore;
    if (after === 0) {
      options.send(msg);
      return ignore;
    }
    const cancel = startTimer(surroundings.clock(), after, () => {
      timers.delete(cancel);
      options.send(msg);
    });
    timers.add(cancel);
    return () => {
      if (timers.delete(cancel)) cancel();
    };
  }

  async function askCallback<R>(
    description: string,
    start: (resolve: (answer: R) => void, reject: (error: unknown) => void) => void,
    timeout: number,
  ): Promise<R> {
    requireFunction("start", start);
    requireDuration("timeout", timeout);
    if (isOver) throw new ProcessError(`This life of ${id} is over: it cannot ask`, id);
    const describe = () => `${id}: no answer to "${description}" within ${timeout}ms`;
    return questions.open<R>(surroundings.clock(), timeout, describe, (resolve, ask) => {
      start(resolve, (error) => ask.reject(error));
    });
  }

  function cancelTimers(): void {
    for (const cancel of timers) cancel();
    timers.clear();
  }

  const tools = {
    get clock() {
      return surroundings.clock();
    },
    journal,
    emit: emit === undefined ? undefined : (event: unknown) => emitQuietly(emit, event),
    ctx,
    spawn,
    schedule,
    ask(
      target: string | ProcessRef<unknown>,
      start: (resolve: (answer: unknown) => void, reject: (error: unknown) => void) => unknown,
      timeout: number = ASK_TIMEOUT_MS,
    ): Promise<unknown> {
      if (typeof target === "string") return askCallback(target, start, timeout);
      return target.ask((reply) => start(reply, ignore), timeout);
    },
  } as Tools<TMsg, TCtx>;

  return {
    tools,
    state: undefined,
    cancelTimers,
    end(done) {
      isOver = true;
      cancelTimers();
      questions.rejectAll(() => new ProcessError(`The life of ${id} that asked is over`, id));
      if (children.size === 0) return done();
      // The youngest first: a later child may lean on an earlier one.
      const stops = [...children].reverse().map((child) => child.stop("shutdown"));
      void Promise.all(stops).then(done);
    },
  };
}

/** Ends a life, and tells the specification if it had begun. Errors of `onStop` are reported, no more. */
export function endLife<TState>(
  life: Life<never, TState, unknown>,
  onStop: (state: TState) => unknown,
  onError: (error: unknown) => void,
  done: () => void,
): void {
  life.end(() => {
    const { state } = life;
    if (state === undefined) return done();
    attempt(
      () => onStop(state.value),
      () => done(),
      (error) => {
        onError(error);
        done();
      },
    );
  });
}

function ignore(): void {}
