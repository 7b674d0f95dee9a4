/**
 * The instructions that effects are made of. An effect is a description; a `FiberRuntime` carries it out.
 */
import { interruptedFailure } from "./errors.ts";
import type { FiberRuntime } from "./fiber-runtime.ts";
import type { EffectEnv, OperationContext } from "./operation-context.ts";
import { type Cause, type Result, err } from "./result.ts";

/** How a fiber, or a step of it, comes out. Interruption is no error: nothing catches it, nothing retries it. */
export type Exit = Result<unknown, unknown> | typeof INTERRUPTED;

export const INTERRUPTED = { _tag: "Interrupted" } as const;

export type EffectFn<E, A> = (env: EffectEnv) => Promise<Result<E, A>> | Promise<A> | Result<E, A> | A;

/** Starts a wait; calls `resume` once when it is over. Returns how to abandon it, if there is anything to do. */
export type StartWait = (
  fiber: FiberRuntime,
  context: OperationContext,
  resume: (exit: Exit) => void,
) => (() => void) | undefined;

export type Program =
  /** Is what it is. */
  | { readonly kind: "done"; readonly result: Result<unknown, unknown> }
  /** Calls somebody's function. */
  | { readonly kind: "call"; readonly fn: (env: EffectEnv) => unknown }
  /** Waits for a callback. */
  | { readonly kind: "wait"; readonly start: StartWait }
  /** Runs a program, then goes on with what its result leads to. */
  | { readonly kind: "then"; readonly source: Program; readonly next: Continue }
  /** Runs a program in a context derived from the current one. */
  | {
      readonly kind: "within";
      readonly source: Program;
      readonly derive: (context: OperationContext) => OperationContext;
    }
  /** Runs a program with finalizers of its own: handed on if it succeeds, run at once if it does not. */
  | { readonly kind: "scoped"; readonly source: Program }
  /** Runs the clean-up if the source is interrupted. */
  | { readonly kind: "onInterrupt"; readonly source: Program; readonly cleanup: () => Program }
  /** Acquire and release cannot be interrupted, and there is a release for every acquire that succeeded. */
  | {
      readonly kind: "bracket";
      readonly acquire: Program;
      readonly use: (resource: unknown) => Program;
      readonly release: (resource: unknown, cause: Cause) => Program;
    };

/** Says how to go on after a result; `undefined` lets the result stand. May throw: that is a defect. */
export type Continue = (result: Result<unknown, unknown>, context: OperationContext) => Program | undefined;

export function done(result: Result<unknown, unknown>): Program {
  return { kind: "done", result };
}

export function wait(start: StartWait): Program {
  return { kind: "wait", start };
}

export function andThen(source: Program, next: Continue): Program {
  return { kind: "then", source, next };
}

/** The result that an exit is to the outside world. */
export function exitToResult(exit: Exit): Result<unknown, unknown> {
  return exit._tag === "Interrupted" ? err(interruptedFailure()) : exit;
}

export function causeOf(exit: Exit): Cause {
  if (exit._tag === "Ok") return "ok";
  return exit._tag === "Err" ? "error" : "interrupted";
}
