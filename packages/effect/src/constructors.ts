/** The ways to make an effect. */
import { InvalidArgumentError } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import { allProgram, raceProgram, type Branch } from "./concurrency.ts";
import { EffectImpl, asEffect, implementationOf, programOf } from "./effect.ts";
import { standaloneFiber } from "./fiber.ts";
import { type EffectFn, done } from "./program.ts";
import { type Cause, type Result, err, isPromiseLike, ok } from "./result.ts";
import { sleepProgram } from "./retry.ts";
import type { EffectEnv } from "./operation-context.ts";
import type { Effect, EffectOptions, Fiber } from "./types.ts";

/**
 * An effect that calls a function. The function may return a `Result` or simply a value, or a promise of
 * either; what it throws becomes an `Err`. When interrupted, the effect does not wait for the function: it
 * can only be asked to stop, by `env.cancel` and by nested runs that reject.
 */
export function effect<E, A>(
  fn: (env: EffectEnv) => Promise<Result<E, A>> | Result<E, A>,
  options?: EffectOptions,
): Effect<E, A>;
export function effect<A>(
  fn: (env: EffectEnv) => Promise<A> | A,
  options?: EffectOptions,
): Effect<unknown, A>;
export function effect<E, A>(fn: EffectFn<E, A>, options?: EffectOptions): Effect<E, A> {
  return new EffectImpl(fn, options?.emit);
}

export function succeed<A>(value: A, options?: EffectOptions): Effect<never, A> {
  return new EffectImpl<never, A>(done(ok(value)), options?.emit);
}

export function fail<E>(error: E, options?: EffectOptions): Effect<E, never> {
  return new EffectImpl<E, never>(done(err(error)), options?.emit);
}

/** Waits for a promise, or calls a function that makes one. A rejection is the effect's error. */
export function fromPromise<A>(
  promise: PromiseLike<A> | (() => PromiseLike<A>),
  options?: EffectOptions,
): Effect<unknown, A> {
  if (typeof promise === "function") return valueEffect(promise, options);
  if (!isPromiseLike(promise)) throw new InvalidArgumentError("It must be a promise", "promise", promise);
  // The effect answers for the promise from now on, also if it rejects before anybody runs the effect.
  promise.then(undefined, () => {});
  return valueEffect(() => promise, options);
}

function valueEffect<A>(fn: () => PromiseLike<A>, options: EffectOptions | undefined): Effect<unknown, A> {
  const promise = async (): Promise<Result<unknown, A>> => {
    try {
      return ok(await fn());
    } catch (error) {
      return err(error);
    }
  };
  return new EffectImpl(promise, options?.emit);
}

/** Waits on the clock of the environment; zero does not wait. Interrupted, it leaves no timer behind. */
export function sleep(ms: number, options?: EffectOptions): Effect<never, void> {
  requireDuration("ms", ms);
  return new EffectImpl<never, void>(sleepProgram(ms), options?.emit);
}

/** Runs all at once and gives their values in order. The first error interrupts the rest. */
export function all<E, A>(effects: readonly Effect<E, A>[], options?: EffectOptions): Effect<E, A[]>;
export function all<const T extends readonly Effect<unknown, unknown>[]>(
  effects: T,
  options?: EffectOptions,
): Effect<ErrorOf<T[number]>, { -readonly [K in keyof T]: ValueOf<T[K]> }>;
export function all(
  effects: readonly Effect<unknown, unknown>[],
  options?: EffectOptions,
): Effect<unknown, unknown> {
  return new EffectImpl(allProgram(branchesOf(effects)), options?.emit);
}

/** Runs all at once; the first to finish wins, with a value or an error, and the losers are interrupted. */
export function race<T extends readonly Effect<unknown, unknown>[]>(
  effects: T,
  options?: EffectOptions,
): Effect<ErrorOf<T[number]>, ValueOf<T[number]>> {
  return new EffectImpl(raceProgram(branchesOf(effects)), options?.emit);
}

/**
 * Acquires, uses, releases. Once acquired it is released exactly once, however the use ends. Neither acquire nor
 * release can be interrupted: an interrupt that comes during one of them takes effect right after it.
 */
export function acquireUseRelease<E1, R, E2, A>(
  acquire: Effect<E1, R>,
  use: (resource: R) => Effect<E2, A>,
  release: (resource: R, cause: Cause) => Effect<unknown, unknown>,
  options?: EffectOptions,
): Effect<E1 | E2, A> {
  const acquireProgram = implementationOf("acquire", acquire).program;
  requireFunction("use", use);
  requireFunction("release", release);
  return new EffectImpl(
    {
      kind: "bracket",
      acquire: acquireProgram,
      use: (resource) => programOf(use(resource as R)),
      release: (resource, cause) => programOf(release(resource as R, cause)),
    },
    options?.emit,
  );
}

/** A handle for work that is already running: its promise, and what cancels it. */
export function createFiber<E, A>(promise: Promise<Result<E, A>>, cancel: () => void): Fiber<E, A> {
  if (!isPromiseLike(promise)) throw new InvalidArgumentError("It must be a promise", "promise", promise);
  requireFunction("cancel", cancel);
  return standaloneFiber(promise, cancel, asEffect);
}

export type ErrorOf<T> = T extends Effect<infer E, unknown> ? E : never;
export type ValueOf<T> = T extends Effect<unknown, infer A> ? A : never;

function branchesOf(effects: unknown): Branch[] {
  if (!Array.isArray(effects)) throw new InvalidArgumentError("It must be a list", "effects", effects);
  return effects.map((item, index) => implementationOf(`effects[${index}]`, item));
}
