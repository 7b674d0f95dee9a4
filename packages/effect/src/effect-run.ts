/**
 * The operation behind a call of `runEffect`: one function, its context and the promise of its outcome.
 *
 * This is on the path of every client operation, so a call that needs nothing allocates nothing but its
 * operation, its context and its promise: no timer, no listener, no map.
 */
import type { Clock } from "@phyxius/clock";
import type { Context } from "./context.ts";
import { EffectInterruptedError, EffectTimeoutError, caught } from "./errors.ts";
import type { EffectEvent, EmitFn } from "./events.ts";
import type { IdGenerator } from "./ids.ts";
import { OperationContext } from "./operation-context.ts";
import { Operation } from "./operation.ts";
import { type Unstamped, report } from "./report.ts";
import { type Cause, isDefect, isPromiseLike } from "./result.ts";

export type RunFunction<A> = (context: OperationContext) => Promise<A> | A;

export class EffectRun<A> extends Operation {
  declare private readonly context: OperationContext;
  declare private readonly emit: EmitFn | undefined;
  declare private promise: Promise<A> | undefined;
  declare private resolve: (value: A) => void;
  declare private reject: (error: unknown) => void;

  /** `outer` is where to look up values further out. Positions, because an object of options is one more object. */
  constructor(
    owner: Operation | undefined,
    clock: Clock | undefined,
    outer: Context | undefined,
    emit?: EmitFn,
    generateId?: IdGenerator,
  ) {
    super(owner, generateId);
    this.context = new OperationContext(this, clock, outer);
    this.emit = emit;
    this.promise = undefined;
    this.resolve = ignore;
    this.reject = ignore;
  }

  start(fn: RunFunction<A>, timeoutMs: number | undefined): Promise<A> {
    const promise = new Promise<A>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise = promise;
    if (this.emit !== undefined) report(this.emit, this.context, { type: "effect:start" });
    if (timeoutMs !== undefined) {
      this.limit(this.context.waitClock(), timeoutMs);
      if (!this.isRunning) return promise;
    }
    try {
      const work = fn(this.context);
      if (isPromiseLike(work))
        work.then(
          (value) => this.succeed(value),
          (error: unknown) => this.fail(error),
        );
      else this.succeed(work);
    } catch (error) {
      this.fail(error);
    }
    return promise;
  }

  interrupt(reason?: Error): void {
    if (!this.isRunning) return;
    // Nobody need be waiting for an operation that was ended from outside; that is no unhandled rejection.
    this.promise?.catch(ignore);
    this.abort(reason ?? new EffectInterruptedError());
  }

  protected expire(timeoutMs: number): void {
    this.abort(new EffectTimeoutError(timeoutMs));
  }

  runWithin<B>(context: OperationContext, timeoutMs: number, fn: RunFunction<B>): Promise<B> {
    return runNested(context, timeoutMs, fn);
  }

  private abort(reason: Error): void {
    this.decide();
    this.interruptWithin(reason, () => this.finish("interrupted", undefined, reason));
  }

  private succeed(value: A): void {
    if (this.isRunning) this.finish("ok", value, undefined);
  }

  private fail(error: unknown): void {
    if (this.isRunning) this.finish("error", undefined, error);
  }

  private finish(cause: Cause, value: A | undefined, error: unknown): void {
    if (this.endAtOnce(cause)) this.settle(cause, value, error);
    else this.finishLater(cause, value, error);
  }

  private finishLater(cause: Cause, value: A | undefined, error: unknown): void {
    this.endWith(cause, () => this.settle(cause, value, error));
  }

  private settle(cause: Cause, value: A | undefined, error: unknown): void {
    if (this.emit !== undefined) report(this.emit, this.context, endEvent(cause, error));
    if (cause === "ok") this.resolve(value as A);
    else this.reject(error);
  }
}

/** Runs a function as a part of the operation that the context belongs to. */
export function runNested<A>(context: OperationContext, timeoutMs: number, fn: RunFunction<A>): Promise<A> {
  if (!context.admitsChildren) return Promise.reject(new EffectInterruptedError());
  return new EffectRun<A>(context.operation, context.clock, context).start(fn, timeoutMs);
}

function endEvent(cause: Cause, error: unknown): Unstamped<EffectEvent> {
  if (cause === "ok") return { type: "effect:success" };
  return { type: "effect:error", error, defect: cause === "error" && isDefect(caught(error)) };
}

function ignore(): void {}
