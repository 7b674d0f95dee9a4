/** The public face of effects. */
import type { Clock } from "@phyxius/clock";
import type { Context } from "./context.ts";
import type { CancelToken } from "./cancel-token.ts";
import type { Timeout } from "./errors.ts";
import type { EmitFn } from "./events.ts";
import type { IdGenerator } from "./ids.ts";
import type { Result } from "./result.ts";

/** What a run may be given. An `env`, or anything derived from one, makes the run a child of that operation. */
export interface RunOptions {
  readonly clock?: Clock | undefined;
  /** Interrupts the run when it is cancelled. */
  readonly cancel?: CancelToken | undefined;
  /** Makes the identifiers of this run and its children. A counter by default. */
  readonly generateId?: IdGenerator | undefined;
}

export interface EffectOptions {
  readonly emit?: EmitFn | undefined;
}

export interface RetryPolicy {
  /** How often to try at all, the first time included. */
  readonly maxAttempts: number;
  /** The wait before the second attempt. */
  readonly baseDelayMs: number;
  /** No wait is longer. Unlimited by default. */
  readonly maxDelayMs?: number | undefined;
  /** What each wait is multiplied by to get the next. 2 by default. */
  readonly backoffFactor?: number | undefined;
}

/** A running effect. Whoever holds the handle may wait for it, look at it or end it. */
export interface Fiber<E, A> {
  readonly id: string;
  /** Its result. An interrupted fiber joins as `{ _tag: "Interrupted" }`. */
  join(): Effect<E, A>;
  /** Asks it to end, and waits until it has: its finalizers have run. */
  interrupt(): Effect<never, void>;
  /** Its result if it has one, without waiting. */
  poll(): Effect<never, Result<E, A> | undefined>;
}

/** A description of work. Nothing runs until `unsafeRunPromise` or `run`, and each of them runs it anew. */
export interface Effect<E, A> {
  /** Runs it. Never rejects. */
  unsafeRunPromise(env?: RunOptions | Context): Promise<Result<E, A>>;
  /** Runs it; resolves with the value or throws the error. */
  run(context?: RunOptions | Context): Promise<A>;
  map<B>(fn: (value: A) => B): Effect<E, B>;
  flatMap<E2, B>(fn: (value: A) => Effect<E2, B>): Effect<E | E2, B>;
  /** Recovers from failures and from defects, never from interruption. */
  catch<E2, B>(fn: (error: E) => Effect<E2, B>): Effect<E2, A | B>;
  /** Interrupts it when it is not finished before `ms` have passed, and fails with `{ _tag: "Timeout" }`. */
  timeout(ms: number): Effect<E | Timeout, A>;
  /** Tries again after a failure or defect, with growing waits. Stops at once when interrupted. */
  retry(policy: RetryPolicy): Effect<E, A>;
  /** Starts it as a child of the current fiber and goes on with its handle. */
  fork(): Effect<never, Fiber<E, A>>;
  /** Runs the clean-up, uninterrupted, if this effect is interrupted. */
  onInterrupt(cleanup: () => Effect<unknown, unknown>): Effect<E, A>;
  /** Makes a value visible inside this effect. The key `"clock"` sets the clock its waits use. */
  withContext<T>(key: string, value: T): Effect<E, A>;
}
