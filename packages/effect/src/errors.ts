/** The errors of this package, and the way from an `Err` to a thrown error. */
import { type Err, type Result, defect, err, isDefect } from "./result.ts";

/** The failure of `Effect.timeout`. */
export interface Timeout {
  readonly _tag: "Timeout";
}

/** What the result of an interrupted effect carries. */
export interface Interrupted {
  readonly _tag: "Interrupted";
}

/** Thrown by `run` and `runEffect` when the time was up. */
export class EffectTimeoutError extends Error {
  readonly _tag = "Timeout";
  readonly timeoutMs: number | undefined;

  constructor(timeoutMs?: number) {
    super(timeoutMs === undefined ? "Effect timed out" : `Effect timed out after ${timeoutMs}ms`);
    this.name = "TimeoutError";
    this.timeoutMs = timeoutMs;
  }
}

/** Thrown by `run` and `runEffect` when the operation, or one it belongs to, was interrupted. */
export class EffectInterruptedError extends Error {
  readonly _tag = "Interrupted";

  constructor() {
    super("Effect was interrupted");
    this.name = "InterruptedError";
  }
}

/** Thrown by `run` for a failure that is not an `Error`; `failure` is what it was. */
export class EffectFailureError extends Error {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super(textOf(failure));
    this.name = "EffectFailureError";
    this.failure = failure;
  }
}

/** `{ _tag: "Timeout" }`, which also knows its `timeoutMs` without showing it. */
export function timeoutFailure(timeoutMs: number): Timeout {
  const failure: Timeout = { _tag: "Timeout" };
  Object.defineProperty(failure, "timeoutMs", { value: timeoutMs });
  return failure;
}

export function interruptedFailure(): Interrupted {
  return { _tag: "Interrupted" };
}

/** Errors that `run` threw for a failure: they are no defects when they surface in the effect that ran it. */
const thrownFailures = new WeakSet<Error>();

/** The error that `run` throws for an `Err`. */
export function toThrown(result: Err<unknown>): Error {
  const error = toError(result.error);
  if (!isDefect(result)) thrownFailures.add(error);
  return error;
}

/** The `Err` for something caught: a defect, unless a nested `run` threw it for a failure. */
export function caught(error: unknown): Result<unknown, never> {
  return error instanceof Error && thrownFailures.has(error) ? err(error) : defect(error);
}

function toError(error: unknown): Error {
  if (error instanceof Error) return error;
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined;
  if (tag === "Timeout") return new EffectTimeoutError((error as { timeoutMs?: number }).timeoutMs);
  if (tag === "Interrupted") return new EffectInterruptedError();
  return new EffectFailureError(error);
}

function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if ("message" in value && typeof value.message === "string") return value.message;
  try {
    return JSON.stringify(value) ?? Object.prototype.toString.call(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
