/**
 * Effects: descriptions of work that can be combined, bounded, retried, interrupted and cleaned up after.
 *
 * An effect is a program and, perhaps, somebody who wants to hear of its runs. All methods make new effects.
 */
import { InvalidArgumentError } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import { timeoutProgram } from "./concurrency.ts";
import type { Context } from "./context.ts";
import { EffectInterruptedError, type Timeout, toThrown } from "./errors.ts";
import type { EmitFn } from "./events.ts";
import { forkProgram } from "./fiber.ts";
import { createFiberIn, launch } from "./launch.ts";
import {
  type EffectFn,
  type Exit,
  INTERRUPTED,
  type Program,
  andThen,
  done,
  exitToResult,
} from "./program.ts";
import { type Result, ok } from "./result.ts";
import { requireRetryPolicy, retryProgram } from "./retry.ts";
import type { Effect, Fiber, RetryPolicy, RunOptions } from "./types.ts";

export class EffectImpl<E, A> implements Effect<E, A> {
  readonly program: Program;
  readonly emit: EmitFn | undefined;

  constructor(source: EffectFn<E, A> | Program, emit?: EmitFn) {
    if (typeof source !== "object") requireFunction("fn", source);
    this.program = typeof source === "function" ? { kind: "call", fn: source } : source;
    this.emit = emit;
  }

  unsafeRunPromise(env?: RunOptions | Context): Promise<Result<E, A>> {
    return new Promise((resolve) => {
      this.launchIn(env, (exit) => resolve(exitToResult(exit) as Result<E, A>));
    });
  }

  run(context?: RunOptions | Context): Promise<A> {
    let resolve!: (value: A) => void;
    let reject!: (error: Error) => void;
    const promise = new Promise<A>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    this.launchIn(context, (exit) => {
      if (exit._tag === "Ok") {
        resolve(exit.value as A);
      } else if (exit._tag === "Err") {
        reject(toThrown(exit));
      } else {
        // Nobody need be waiting for a run that was ended from outside; that is no unhandled rejection.
        promise.catch(ignore);
        reject(new EffectInterruptedError());
      }
    });
    return promise;
  }

  map<B>(fn: (value: A) => B): Effect<E, B> {
    requireFunction("fn", fn);
    return this.andThen((result) => (result._tag === "Ok" ? done(ok(fn(result.value as A))) : undefined));
  }

  flatMap<E2, B>(fn: (value: A) => Effect<E2, B>): Effect<E | E2, B> {
    requireFunction("fn", fn);
    return this.andThen((result) => (result._tag === "Ok" ? programOf(fn(result.value as A)) : undefined));
  }

  catch<E2, B>(fn: (error: E) => Effect<E2, B>): Effect<E2, A | B> {
    requireFunction("fn", fn);
    return this.andThen((result) => (result._tag === "Err" ? programOf(fn(result.error as E)) : undefined));
  }

  timeout(ms: number): Effect<E | Timeout, A> {
    requireDuration("ms", ms);
    return new EffectImpl(timeoutProgram(this.program, ms, this.emit), this.emit);
  }

  retry(policy: RetryPolicy): Effect<E, A> {
    requireRetryPolicy(policy);
    return new EffectImpl(retryProgram(this.program, policy, this.emit), this.emit);
  }

  fork(): Effect<never, Fiber<E, A>> {
    return new EffectImpl(forkProgram(this.program, this.emit, asEffect));
  }

  onInterrupt(cleanup: () => Effect<unknown, unknown>): Effect<E, A> {
    requireFunction("cleanup", cleanup);
    const program: Program = {
      kind: "onInterrupt",
      source: this.program,
      cleanup: () => programOf(cleanup()),
    };
    return new EffectImpl(program, this.emit);
  }

  withContext<T>(key: string, value: T): Effect<E, A> {
    if (typeof key !== "string") throw new InvalidArgumentError("A key is a string", "key", key);
    const program: Program = {
      kind: "within",
      source: this.program,
      derive: (context) => context.with(key, value),
    };
    return new EffectImpl(program, this.emit);
  }

  private launchIn(surrounding: RunOptions | Context | undefined, onExit: (exit: Exit) => void): void {
    const fiber = createFiberIn(surrounding);
    if (fiber === undefined) {
      onExit(INTERRUPTED);
      return;
    }
    fiber.onExit(onExit);
    launch(fiber, this.program, this.emit);
  }

  private andThen<E2, B>(next: (result: Result<unknown, unknown>) => Program | undefined): Effect<E2, B> {
    return new EffectImpl(andThen(this.program, next), this.emit);
  }
}

export function asEffect<E, A>(program: Program): Effect<E, A> {
  return new EffectImpl<E, A>(program);
}

/** The program of an effect that somebody's function returned. */
export function programOf(effect: Effect<unknown, unknown>): Program {
  return implementationOf("effect", effect).program;
}

export function implementationOf(argument: string, effect: unknown): EffectImpl<unknown, unknown> {
  if (!(effect instanceof EffectImpl))
    throw new InvalidArgumentError("It must be an effect", argument, effect);
  return effect as EffectImpl<unknown, unknown>;
}

function ignore(): void {}
