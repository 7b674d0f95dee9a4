/**
 * `runEffect`: an ordinary async function as an operation, with a context of its own.
 *
 * This is on the path of every client operation, so a call that needs nothing allocates nothing but its
 * operation, its context and its promise: no timer, no listener, no map.
 */
import { InvalidArgumentError, type Clock } from "@phyxius/clock";
import type { Context } from "./context.ts";
import { EffectInterruptedError, EffectTimeoutError, caught } from "./errors.ts";
import type { EffectEvent, EmitFn } from "./events.ts";
import type { Finalizer } from "./finalizer-scope.ts";
import type { IdGenerator } from "./ids.ts";
import { type Unstamped, report } from "./launch.ts";
import { startTimer } from "./one-shot-timer.ts";
import { type EffectEnv, OperationContext } from "./operation-context.ts";
import { Operation } from "./operation.ts";
import { type Cause, isDefect, isPromiseLike } from "./result.ts";
import { requireDuration, requireFunction } from "./validate.ts";

/** What the function of `runEffect` is given. Pass it on, and nested runs belong to this operation. */
export interface RunContext extends EffectEnv {
  /** Sets a value of this operation: seen by it and by what it runs with this context, not outside. */
  set(key: string, value: unknown): void;
  /** The same operation with one more value; this context stays as it is. */
  with<T>(key: string, value: T): RunContext;
  /** Runs the finalizer when the operation ends, last come first served, before the caller hears of it. */
  defer(finalizer: Finalizer): void;
  /** The operation must end within `ms` from now. A deadline is never moved back, only forward. */
  timeout(ms: number): void;
  /** Runs a piece of work that must end within `ms`, as an operation nested in this one. */
  timeout<A>(ms: number, work: ((context: RunContext) => Promise<A> | A) | PromiseLike<A>): Promise<A>;
  /** Milliseconds until the deadline of this operation or of one it is part of; `undefined` without any. */
  remainingMs(): number | undefined;
}

export interface RunEffectOptions {
  readonly clock?: Clock | undefined;
  /** The context of the operation that this one is part of, or just values for it to start with. */
  readonly context?: Context | undefined;
  readonly emit?: EmitFn | undefined;
  /**
   * Gives up after this long: the promise rejects with a `TimeoutError` after the finalizers ran. With zero the
   * time is up before the function is called. A nested operation never has longer than the one around it.
   */
  readonly timeoutMs?: number | undefined;
  /** Makes the identifiers of this run and its children. A counter by default. */
  readonly generateId?: IdGenerator | undefined;
}

/**
 * Runs the function. The promise settles after all it started has ended and its finalizers have run; it rejects
 * with what the function threw, with a `TimeoutError` at its deadline, or with an `InterruptedError` when the
 * operation it is part of ends.
 */
export function runEffect<A>(
  fn: (context: RunContext) => Promise<A> | A,
  options?: RunEffectOptions,
): Promise<A> {
  try {
    requireFunction("fn", fn);
    return options === undefined
      ? new EffectRun<A>(undefined, undefined, undefined, undefined).start(fn)
      : startWith(fn, options);
  } catch (error) {
    return Promise.reject(error);
  }
}

function startWith<A>(fn: (context: RunContext) => Promise<A> | A, options: RunEffectOptions): Promise<A> {
  const { context: outer, timeoutMs, emit } = options;
  if (timeoutMs !== undefined) requireDuration("options.timeoutMs", timeoutMs);
  if (outer !== undefined && typeof outer?.get !== "function")
    throw new InvalidArgumentError("It must be a context", "options.context", outer);
  if (outer instanceof OperationContext && !outer.admitsChildren) throw new EffectInterruptedError();
  const owner = outer instanceof OperationContext ? outer.operation : undefined;
  const clock = options.clock ?? outer?.get<Clock>("clock");
  const run = new EffectRun<A>(owner, clock, outer, options.generateId);
  if (emit !== undefined) run.reportTo(emit);
  return run.start(fn, timeoutMs);
}

class EffectRun<A> extends Operation {
  declare private readonly context: RunContextImpl;
  declare private resolve: (value: A) => void;
  declare private reject: (error: unknown) => void;
  declare private stopTimer: (() => void) | undefined;
  declare private emit: EmitFn | undefined;
  /** Its outcome is decided; what still comes from the function is too late. */
  declare private isDecided: boolean;

  constructor(
    owner: Operation | undefined,
    clock: Clock | undefined,
    outer: Context | undefined,
    generateId: IdGenerator | undefined,
  ) {
    super(owner, generateId);
    this.context = new RunContextImpl(this, clock, outer);
    this.resolve = ignore;
    this.reject = ignore;
    this.stopTimer = undefined;
    this.emit = undefined;
    this.isDecided = false;
  }

  start(fn: (context: RunContext) => Promise<A> | A, timeoutMs?: number): Promise<A> {
    const promise = new Promise<A>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (this.emit !== undefined) report(this.emit, this.context, { type: "effect:start" });
    if (timeoutMs !== undefined) {
      this.limit(this.context.waitClock(), timeoutMs);
      if (this.isDecided) return promise;
    }
    try {
      const work = fn(this.context);
      if (isPromiseLike(work))
        work.then(
          (value) => this.succeed(value),
          (error: unknown) => this.fail(error, "error"),
        );
      else this.succeed(work);
    } catch (error) {
      this.fail(error, "error");
    }
    return promise;
  }

  reportTo(emit: EmitFn): void {
    this.emit = emit;
  }

  /** Starts the timer of a deadline, unless an earlier one is running. */
  limit(clock: Clock, timeoutMs: number): void {
    if (this.isDecided || !this.tightenDeadline(clock, timeoutMs)) return;
    const expire = () => this.interrupt(new EffectTimeoutError(timeoutMs));
    this.stopTimer?.();
    this.stopTimer = undefined;
    if (timeoutMs === 0) expire();
    else this.stopTimer = startTimer(clock, timeoutMs, expire);
  }

  interrupt(reason: Error = new EffectInterruptedError()): void {
    if (this.isDecided) return;
    this.decide();
    this.interruptWithin(reason, () => this.finish("interrupted", undefined, reason));
  }

  private succeed(value: A): void {
    if (this.isDecided) return;
    this.decide();
    this.finish("ok", value, undefined);
  }

  private fail(error: unknown, cause: Cause): void {
    if (this.isDecided) return;
    this.decide();
    this.finish(cause, undefined, error);
  }

  private decide(): void {
    this.isDecided = true;
    this.stopTimer?.();
    this.stopTimer = undefined;
  }

  private finish(cause: Cause, value: A | undefined, error: unknown): void {
    if (this.endAtOnce(cause)) this.settle(cause, value, error);
    else this.endWith(cause, () => this.settle(cause, value, error));
  }

  private settle(cause: Cause, value: A | undefined, error: unknown): void {
    if (this.emit !== undefined) report(this.emit, this.context, endEvent(cause, error));
    if (cause === "ok") this.resolve(value as A);
    else this.reject(error);
  }
}

class RunContextImpl extends OperationContext implements RunContext {
  defer(finalizer: Finalizer): void {
    requireFunction("finalizer", finalizer);
    this.scope.push(finalizer);
  }

  timeout(ms: number): void;
  timeout<A>(ms: number, work: ((context: RunContext) => Promise<A> | A) | PromiseLike<A>): Promise<A>;
  timeout<A>(
    ms: number,
    work?: ((context: RunContext) => Promise<A> | A) | PromiseLike<A>,
  ): Promise<A> | undefined {
    if (work !== undefined) return this.runWithin(ms, work);
    requireDuration("ms", ms);
    (this.operation as EffectRun<unknown>).limit(this.waitClock(), ms);
    return undefined;
  }

  remainingMs(): number | undefined {
    return this.operation.remainingMs();
  }

  private async runWithin<A>(
    ms: number,
    work: ((context: RunContext) => Promise<A> | A) | PromiseLike<A>,
  ): Promise<A> {
    requireDuration("ms", ms);
    const fn = isPromiseLike(work) ? async () => work : work;
    requireFunction("work", fn);
    return runEffect(fn, { context: this, timeoutMs: ms });
  }

  override with<T>(key: string, value: T): RunContextImpl {
    return super.with(key, value) as RunContextImpl;
  }

  protected override create(): RunContextImpl {
    return new RunContextImpl(this.operation, this.clock, this);
  }
}

function endEvent(cause: Cause, error: unknown): Unstamped<EffectEvent> {
  if (cause === "ok") return { type: "effect:success" };
  return { type: "effect:error", error, defect: cause === "error" && isDefect(caught(error)) };
}

function ignore(): void {}
