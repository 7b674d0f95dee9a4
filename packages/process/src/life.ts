/** One life of a process: its state, and everything that must not outlive it. */
import type { TimerHandle } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import { startTimer, type Waiter } from "@phyxius/clock/one-shot-timer";
import { attempt } from "./attempt.ts";
import { emitQuietly } from "./events.ts";
import { LinkedList, type Linked } from "./linked-list.ts";
import { PendingAsks } from "./pending-asks.ts";
import { ProcessError } from "./process-errors.ts";
import type { Child, Process } from "./process.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ProcessRef, ProcessSpec, Tools } from "./types.ts";

const ASK_TIMEOUT_MS = 5_000;

export class Life<TMsg, TState, TCtx> {
  // `declare` and assignment, here and in what a life is made of: V8 defines class fields slower than it assigns
  // them, and short simulations do little else than to begin lives.
  declare readonly tools: Tools<TMsg, TCtx>;
  /** Set when `init` has succeeded. */
  declare state: { value: TState } | undefined;
  declare private readonly process: Process<TMsg, TState, TCtx>;
  declare private readonly timers: LinkedList<ScheduledMessage<TMsg>>;
  declare private readonly children: LinkedList<Child>;
  declare private readonly questions: PendingAsks;
  declare private isOver: boolean;

  constructor(process: Process<TMsg, TState, TCtx>) {
    this.process = process;
    this.state = undefined;
    this.timers = new LinkedList();
    this.children = new LinkedList();
    this.questions = new PendingAsks();
    this.isOver = false;
    this.tools = createTools(this, process.surroundings, process.behavior.ctx);
  }

  spawn<M, S, C>(spec: ProcessSpec<M, S, C>, ctx: C): ProcessRef<M> {
    const { id } = this.process;
    if (this.isOver) throw new ProcessError(`This life of ${id} is over: it cannot spawn`, id);
    const child = this.process.createChild(spec, ctx, this.children);
    child.start();
    return child.ref;
  }

  schedule(after: number, msg: TMsg): () => void {
    requireDuration("after", after);
    if (this.isOver) return ignore;
    if (after === 0) {
      this.process.send(msg);
      return ignore;
    }
    const scheduled = new ScheduledMessage(this.process, this.timers, after, msg);
    return () => scheduled.callOff();
  }

  async askCallback<R>(
    description: string,
    start: (resolve: (answer: R) => void, reject: (error: unknown) => void) => void,
    timeout: number,
  ): Promise<R> {
    const { id, surroundings } = this.process;
    requireFunction("start", start);
    requireDuration("timeout", timeout);
    if (this.isOver) throw new ProcessError(`This life of ${id} is over: it cannot ask`, id);
    const describeTimeout = () => `${id}: no answer to "${description}" within ${timeout}ms`;
    return this.questions.ask<R>(
      { clock: surroundings.clock, timeoutMs: timeout, describeTimeout },
      (resolve, ask) => start(resolve, (error) => ask.rejectWith(() => error)),
    );
  }

  /** Nothing that was scheduled will be delivered. */
  cancelTimers(): void {
    if (this.timers.isEmpty) return;
    for (const scheduled of this.timers.items()) scheduled.callOff();
  }

  /**
   * Ends all it started, then tells the specification, if the life had begun. Calls `done` when all is over. Errors
   * of `onStop` are reported, no more.
   */
  end(onStop: (state: TState) => unknown, onError: (error: unknown) => void, done: () => void): void {
    const { id } = this.process;
    this.isOver = true;
    this.cancelTimers();
    this.questions.rejectAll(() => new ProcessError(`The life of ${id} that asked is over`, id));
    if (this.children.isEmpty) return this.bury(onStop, onError, done);
    // The youngest first: a later child may lean on an earlier one.
    const stops = this.children
      .items()
      .reverse()
      .map((child) => child.stop("shutdown"));
    void Promise.all(stops).then(() => this.bury(onStop, onError, done));
  }

  private bury(
    onStop: (state: TState) => unknown,
    onError: (error: unknown) => void,
    done: () => void,
  ): void {
    const { state } = this;
    if (state === undefined) return done();
    attempt(
      () => onStop(state.value),
      () => done(),
      (error) => {
        onError(error);
        done();
      },
    );
  }
}

/** A message that a process will send itself. */
class ScheduledMessage<TMsg> implements Linked<ScheduledMessage<TMsg>>, Waiter {
  declare older: ScheduledMessage<TMsg> | undefined;
  declare newer: ScheduledMessage<TMsg> | undefined;
  declare isListed: boolean;
  declare private readonly process: Pick<Process<TMsg, never, never>, "send">;
  declare private readonly timers: LinkedList<ScheduledMessage<TMsg>>;
  declare private readonly msg: TMsg;
  declare private readonly timer: TimerHandle;

  constructor(
    process: { send(msg: TMsg): boolean; readonly surroundings: Surroundings },
    timers: LinkedList<ScheduledMessage<TMsg>>,
    afterMs: number,
    msg: TMsg,
  ) {
    this.older = undefined;
    this.newer = undefined;
    this.isListed = false;
    this.process = process;
    this.timers = timers;
    this.msg = msg;
    this.timer = startTimer(process.surroundings.clock, afterMs, this);
    timers.add(this);
  }

  onDue(): void {
    if (this.timers.remove(this)) this.process.send(this.msg);
  }

  callOff(): void {
    if (this.timers.remove(this)) this.timer.cancel();
  }
}

/** Made so that each tool may be taken out and used alone. */
function createTools<TMsg, TCtx>(
  life: Life<TMsg, unknown, TCtx>,
  surroundings: Surroundings,
  ctx: TCtx,
): Tools<TMsg, TCtx> {
  const { givenClock, journal, emit } = surroundings;
  const tools = {
    clock: givenClock,
    journal,
    emit: emit === undefined ? undefined : (event: unknown) => emitQuietly(emit, event),
    ctx,
    spawn: <M, S, C>(spec: ProcessSpec<M, S, C>, childCtx: C) => life.spawn(spec, childCtx),
    schedule: (after: number, msg: TMsg) => life.schedule(after, msg),
    ask(
      target: string | ProcessRef<unknown>,
      start: (resolve: (answer: unknown) => void, reject: (error: unknown) => void) => unknown,
      timeout: number = ASK_TIMEOUT_MS,
    ): Promise<unknown> {
      if (typeof target === "string") return life.askCallback(target, start, timeout);
      return target.ask((reply) => start(reply, ignore), timeout);
    },
  };
  // A system clock is made only when somebody looks at the time.
  if (givenClock === undefined)
    Object.defineProperty(tools, "clock", { get: () => surroundings.clock, enumerable: true });
  return tools as Tools<TMsg, TCtx>;
}

function ignore(): void {}
