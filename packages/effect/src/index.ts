export { InvalidArgumentError, type Clock } from "@phyxius/clock";
export { type CancelToken, createCancelToken } from "./cancel-token.ts";
export {
  acquireUseRelease,
  all,
  createFiber,
  effect,
  type ErrorOf,
  fail,
  fromPromise,
  race,
  sleep,
  succeed,
  type ValueOf,
} from "./constructors.ts";
export { type Context, ContextImpl, createContext } from "./context.ts";
export { EffectImpl } from "./effect.ts";
export {
  EffectFailureError,
  EffectInterruptedError,
  EffectTimeoutError,
  type Interrupted,
  type Timeout,
} from "./errors.ts";
export type { EffectEvent, EmitFn } from "./events.ts";
export { type Finalizer, FinalizerScope } from "./finalizer-scope.ts";
export type { IdGenerator } from "./ids.ts";
export type { EffectEnv, RunContext } from "./operation-context.ts";
export type { EffectFn } from "./program.ts";
export { type Cause, type Err, isDefect, type Result } from "./result.ts";
export { runEffect, type RunEffectOptions } from "./run-effect.ts";
export { createScope, type Scope, ScopeImpl } from "./scope.ts";
export type { Effect, EffectOptions, Fiber, RetryPolicy, RunOptions } from "./types.ts";
