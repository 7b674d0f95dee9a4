/** `runEffect`: an ordinary async function as an operation, with a context of its own. */
import { InvalidArgumentError, type Clock } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import type { Context } from "./context.ts";
import { EffectRun } from "./effect-run.ts";
import { EffectInterruptedError } from "./errors.ts";
import type { EmitFn } from "./events.ts";
import type { IdGenerator } from "./ids.ts";
import { OperationContext, type RunContext } from "./operation-context.ts";

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
  // The plain call has a way of its own, without the `try`, which would keep V8 from making one piece of it.
  if (options === undefined && typeof fn === "function")
    return new EffectRun<A>(undefined, undefined, undefined).start(fn, undefined);
  try {
    requireFunction("fn", fn);
    return startWith(fn, options ?? {});
  } catch (error) {
    return Promise.reject(error);
  }
}

function startWith<A>(fn: (context: RunContext) => Promise<A> | A, options: RunEffectOptions): Promise<A> {
  const { context: outer, timeoutMs, emit, generateId } = options;
  if (timeoutMs !== undefined) requireDuration("options.timeoutMs", timeoutMs);
  if (outer !== undefined && typeof outer?.get !== "function")
    throw new InvalidArgumentError("It must be a context", "options.context", outer);
  const clock = options.clock ?? outer?.get<Clock>("clock");
  if (!(outer instanceof OperationContext))
    return new EffectRun<A>(undefined, clock, outer, emit, generateId).start(fn, timeoutMs);
  if (!outer.admitsChildren) throw new EffectInterruptedError();
  return new EffectRun<A>(outer.operation, clock, outer, emit, generateId).start(fn, timeoutMs);
}
