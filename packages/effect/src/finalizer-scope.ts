/**
 * A stack of finalizers, run exactly once, in reverse order, with the cause of the end.
 *
 * `push` costs O(1), `close` O(finalizers). Errors of a finalizer are swallowed: the clean-up of one thing
 * must not keep the others from being cleaned up. A finalizer pushed after the end runs at once: whoever
 * pushes it has just got hold of something that nobody else will release.
 */
import { type Cause, isPromiseLike } from "./result.ts";

export type Finalizer = (cause: Cause) => void | Promise<void>;

export class FinalizerScope {
  private finalizers: Finalizer[] | undefined;
  private endedWith: Cause | undefined;
  private closing: Promise<void> | undefined;

  /** How many finalizers are waiting. */
  get size(): number {
    return this.finalizers?.length ?? 0;
  }

  push(finalizer: Finalizer): void {
    if (this.endedWith !== undefined) {
      start(finalizer, this.endedWith);
      return;
    }
    (this.finalizers ??= []).push(finalizer);
  }

  /** Resolves when every finalizer has run. Closing again gives the same promise. */
  close(cause: Cause): Promise<void> {
    return (this.closing ??= new Promise((resolve) => this.closeThen(cause, resolve)));
  }

  /** The same with a callback, called at once when no finalizer needs to wait. */
  closeThen(cause: Cause, done: () => void): void {
    if (this.endedWith !== undefined) {
      // Somebody has closed it by hand, and may not be through with it.
      if (this.closing === undefined) done();
      else void this.closing.then(done);
      return;
    }
    this.endedWith = cause;
    const finalizers = this.finalizers;
    this.finalizers = undefined;
    if (finalizers === undefined) done();
    else runFrom(finalizers, finalizers.length - 1, cause, done);
  }

  /** Hands every finalizer on, in order, and ends without running any. */
  moveTo(other: FinalizerScope): void {
    const finalizers = this.finalizers;
    this.finalizers = undefined;
    if (finalizers !== undefined) for (const finalizer of finalizers) other.push(finalizer);
  }
}

function runFrom(finalizers: readonly Finalizer[], last: number, cause: Cause, done: () => void): void {
  for (let index = last; index >= 0; index--) {
    const pending = start(finalizers[index] as Finalizer, cause);
    if (pending === undefined) continue;
    const next = index - 1;
    pending.then(() => runFrom(finalizers, next, cause, done));
    return;
  }
  done();
}

/** A promise that never rejects, or undefined when the finalizer is finished already. */
function start(finalizer: Finalizer, cause: Cause): PromiseLike<void> | undefined {
  try {
    const pending: unknown = finalizer(cause);
    if (isPromiseLike(pending)) return pending.then(ignore, ignore);
  } catch {
    // Swallowed, as promised above.
  }
  return undefined;
}

function ignore(): void {}
