/**
 * A stack of finalizers, run exactly once, in reverse order, with the cause of the end.
 *
 * `push` costs O(1), `close` O(finalizers). Errors of a finalizer are swallowed: the clean-up of one thing
 * must not keep the others from being cleaned up. A finalizer pushed after the end runs at once: whoever
 * pushes it has just got hold of something that nobody else will release.
 */
import { type Cause, isPromiseLike } from "./result.ts";

export type Finalizer = (cause: Cause) => void | Promise<void>;

interface Pushed {
  readonly finalizer: Finalizer;
  readonly below: Pushed | undefined;
}

export class FinalizerScope {
  // `declare` and assignment, because many client operations have one: see `Operation`.
  declare private top: Pushed | undefined;
  declare private endedWith: Cause | undefined;
  /** Somebody has closed it by hand. */
  declare private closing: Promise<void> | undefined;
  /** The finalizer that is being waited for. */
  declare private pending: PromiseLike<void> | undefined;

  constructor() {
    this.top = undefined;
    this.endedWith = undefined;
    this.closing = undefined;
    this.pending = undefined;
  }

  /** How many finalizers are waiting. O(finalizers). */
  get size(): number {
    let size = 0;
    if (this.endedWith === undefined) for (let each = this.top; each !== undefined; each = each.below) size++;
    return size;
  }

  push(finalizer: Finalizer): void {
    if (this.endedWith === undefined) this.top = { finalizer, below: this.top };
    else start(finalizer, this.endedWith);
  }

  /**
   * Resolves when every finalizer has run. Closing again gives the same promise; what closes of itself, at the end
   * of its operation, cannot be waited for (a finalizer that did so would wait for itself).
   */
  close(cause: Cause): Promise<void> {
    if (this.closing !== undefined) return this.closing;
    if (this.endedWith !== undefined) return Promise.resolve();
    return (this.closing = new Promise((resolve) => this.closeThen(cause, resolve)));
  }

  /** The same with a callback, called at once when no finalizer needs to wait. */
  closeThen(cause: Cause, done: () => void): void {
    if (this.closeNow(cause)) done();
    else this.whenClosed(done);
  }

  /** Closes it. False when something has to be waited for, of which `whenClosed` then tells the end. */
  closeNow(cause: Cause): boolean {
    // When somebody has closed it by hand, they may not be through with it.
    if (this.endedWith !== undefined) return this.closing === undefined;
    this.endedWith = cause;
    return this.runAll(cause);
  }

  whenClosed(done: () => void): void {
    if (this.closing === undefined) this.runRest(done);
    else void this.closing.then(done);
  }

  /** Hands every finalizer on, in order, and ends without running any. */
  moveTo(other: FinalizerScope): void {
    const pushed: Pushed[] = [];
    for (let each = this.top; each !== undefined; each = each.below) pushed.push(each);
    this.top = undefined;
    for (const { finalizer } of pushed.reverse()) other.push(finalizer);
  }

  private runRest(done: () => void): void {
    this.pending?.then(() => {
      if (this.runAll(this.endedWith as Cause)) done();
      else this.runRest(done);
    });
  }

  /** Runs what is left. False when it has come to one that must be waited for. */
  private runAll(cause: Cause): boolean {
    for (let next = this.top; next !== undefined; next = this.top) {
      this.top = next.below;
      this.pending = start(next.finalizer, cause);
      if (this.pending !== undefined) return false;
    }
    return true;
  }
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
