/**
 * One lifetime: what it belongs to, what it started, what must be cleaned up, and how it ends.
 *
 * Fibers and `runEffect` calls are operations. The rule that makes concurrency structured is in `endWith`:
 * an operation ends only after all it started has ended and all its finalizers have run.
 *
 * A fresh operation is a few fields. Everything else appears with its first use, in `Belongings`.
 */
import { createSystemClock, type Clock, type TimerHandle } from "@phyxius/clock";
import { startTimer, type Waiter } from "@phyxius/clock/one-shot-timer";
import { type CancelToken, createOwnedCancelToken } from "./cancel-token.ts";
import { FinalizerScope } from "./finalizer-scope.ts";
import type { IdGenerator } from "./ids.ts";
import type { OperationContext } from "./operation-context.ts";
import type { Cause } from "./result.ts";

/** What an operation may come to have. */
class Belongings {
  /** The head of a list that runs through `olderSibling`. */
  declare youngestChild: Operation | undefined;
  /** Waits until the last child has ended. */
  declare whenChildless: (() => void) | undefined;
  declare token: CancelToken | undefined;
  declare scope: FinalizerScope | undefined;
  declare id: string | undefined;
  declare deadline: Deadline | undefined;
  /** Only the root's is used, unless it was promoted to be a root of its own. */
  declare shared: Shared | undefined;

  constructor() {
    this.youngestChild = undefined;
    this.whenChildless = undefined;
    this.token = undefined;
    this.scope = undefined;
    this.id = undefined;
    this.deadline = undefined;
    this.shared = undefined;
  }
}

interface Deadline {
  readonly clock: Clock;
  readonly monoMs: number;
  readonly timeoutMs: number;
  readonly onExpire: (() => void) | undefined;
  /** None when there is no time at all. */
  readonly timer: TimerHandle | undefined;
}

/** What all operations of one run share. */
class Shared {
  generateId: IdGenerator | undefined;
  idCount = 0;
  systemClock: Clock | undefined;
}

export abstract class Operation implements Waiter {
  // `declare` and assignment: V8 initialises class fields of derived classes much slower than it assigns.
  declare private owner: Operation | undefined;
  declare private belongings: Belongings | undefined;
  /** Where it is in its life; when it is over, how it ended. */
  declare private phase: "running" | "ending" | Cause;
  /** From the moment it is interrupted, its own code may start nothing more. */
  declare private isInterrupted: boolean;
  // A list through the children themselves, and not a set: a long-lived parent of many short-lived children
  // would have its set's tables outlive them, and with the tables what they held. Cut on removal, both ways.
  declare private olderSibling: Operation | undefined;
  declare private youngerSibling: Operation | undefined;

  constructor(owner: Operation | undefined, generateId?: IdGenerator) {
    this.owner = owner;
    this.belongings = undefined;
    this.phase = "running";
    this.isInterrupted = false;
    this.olderSibling = undefined;
    this.youngerSibling = undefined;
    if (generateId !== undefined) this.shared.generateId = generateId;
    owner?.addChild(this);
  }

  /** Somebody wants it to end now. Harmless at any time, and more than once. */
  abstract interrupt(reason?: Error): void;

  /** False when it is about to end for another reason already. */
  protected get canExpire(): boolean {
    return this.isRunning;
  }

  /** Its time is up. */
  protected abstract expire(timeoutMs: number): void;

  /** Runs a function as a part of this operation that has no longer than `timeoutMs`. */
  abstract runWithin<A>(
    context: OperationContext,
    timeoutMs: number,
    fn: (context: OperationContext) => Promise<A> | A,
  ): Promise<A>;

  get isRunning(): boolean {
    return this.phase === "running";
  }

  get isEnded(): boolean {
    return this.phase !== "running" && this.phase !== "ending";
  }

  /** True while code that holds this operation's context may start children. */
  get admitsChildren(): boolean {
    return !this.isEnded && !this.isInterrupted;
  }

  get cancelToken(): CancelToken {
    const { own } = this;
    if (own.token === undefined) {
      own.token = createOwnedCancelToken((kind) => this.makeId(kind));
      if (this.isInterrupted) own.token.cancel();
    }
    return own.token;
  }

  get scope(): FinalizerScope {
    const { own } = this;
    if (own.scope === undefined) {
      own.scope = new FinalizerScope();
      if (this.phase !== "running" && this.phase !== "ending") own.scope.closeThen(this.phase, ignore);
    }
    return own.scope;
  }

  /** Made when first read. */
  get id(): string {
    return (this.own.id ??= this.makeId("effect"));
  }

  makeId(kind: string): string {
    const { shared } = this;
    return shared.generateId === undefined ? `${kind}-${++shared.idCount}` : shared.generateId();
  }

  /** The clock of last resort: made when a wait first needs one and none was given. */
  fallbackClock(): Clock {
    return (this.shared.systemClock ??= createSystemClock());
  }

  /** Milliseconds until the nearest deadline of this operation and all it is part of. */
  remainingMs(): number | undefined {
    let remainingMs: number | undefined;
    for (let operation: Operation | undefined = this; operation !== undefined; operation = operation.owner) {
      const deadline = operation.belongings?.deadline;
      if (deadline === undefined) continue;
      const ownMs = Math.max(0, deadline.monoMs - deadline.clock.now().monoMs);
      if (remainingMs === undefined || ownMs < remainingMs) remainingMs = ownMs;
    }
    return remainingMs;
  }

  /**
   * It must come to an end of its own within `timeoutMs` from now, or it is ended. An earlier deadline stays. What
   * comes after its own end, the ending of children and the finalizers, is given the time it needs.
   */
  limit(clock: Clock, timeoutMs: number, onExpire?: () => void): void {
    if (!this.isRunning) return;
    const { own } = this;
    const monoMs = clock.now().monoMs + timeoutMs;
    if (own.deadline !== undefined && own.deadline.monoMs <= monoMs) return;
    own.deadline?.timer?.cancel();
    const timer = timeoutMs > 0 ? startTimer(clock, timeoutMs, this) : undefined;
    own.deadline = { clock, monoMs, timeoutMs, onExpire, timer };
    if (timer === undefined) this.onDue();
  }

  /** The time of its deadline has come. */
  onDue(): void {
    const deadline = this.belongings?.deadline;
    if (deadline === undefined || !this.canExpire) return;
    deadline.onExpire?.();
    this.expire(deadline.timeoutMs);
  }

  isWithin(other: Operation): boolean {
    for (let operation: Operation | undefined = this; operation !== undefined; operation = operation.owner)
      if (operation === other) return true;
    return false;
  }

  isOwnedBy(other: Operation): boolean {
    return this.owner === other;
  }

  /** Makes it a child of this operation's owner; without one it is on its own from now on. */
  promote(child: Operation): void {
    const heir = this.owner;
    if (heir === undefined) child.own.shared = this.shared;
    this.removeChild(child);
    child.owner = heir;
    heir?.addChild(child);
    if (heir !== undefined && !heir.admitsChildren) child.interrupt();
  }

  /** How it ends is decided: nothing that comes later changes it. */
  protected decide(): void {
    this.phase = "ending";
    this.belongings?.deadline?.timer?.cancel();
  }

  /** Raises the token, so that cooperating code stops, and interrupts everything it started. */
  protected interruptWithin(reason: Error | undefined, done: () => void): void {
    this.isInterrupted = true;
    this.belongings?.token?.cancel();
    this.interruptChildren(reason, done);
  }

  /** Ends it on the spot if nothing needs to end or be cleaned up first. */
  protected endAtOnce(cause: Cause): boolean {
    const { belongings } = this;
    if (belongings !== undefined) {
      if (hasChildren(belongings) || belongings.scope !== undefined) return false;
      belongings.deadline?.timer?.cancel();
    }
    this.phase = cause;
    this.owner?.removeChild(this);
    return true;
  }

  /** Ends it: children first, then the finalizers, then whatever those started. Calls `done` when all is over. */
  protected endWith(cause: Cause, done: () => void): void {
    if (this.endAtOnce(cause)) {
      done();
      return;
    }
    this.decide();
    if (hasChildren(this.own)) this.interruptChildren(undefined, () => this.endScope(cause, done));
    else this.endScope(cause, done);
  }

  private endScope(cause: Cause, done: () => void): void {
    const { scope } = this;
    if (scope.closeNow(cause)) this.endLateChildren(cause, done);
    else scope.whenClosed(() => this.endLateChildren(cause, done));
  }

  private endLateChildren(cause: Cause, done: () => void): void {
    if (hasChildren(this.own)) this.interruptChildren(undefined, () => this.end(cause, done));
    else this.end(cause, done);
  }

  private end(cause: Cause, done: () => void): void {
    this.phase = cause;
    this.owner?.removeChild(this);
    done();
  }

  private get shared(): Shared {
    let root: Operation = this;
    while (root.owner !== undefined) root = root.owner;
    return (root.own.shared ??= new Shared());
  }

  private get own(): Belongings {
    return (this.belongings ??= new Belongings());
  }

  private interruptChildren(reason: Error | undefined, done: () => void): void {
    const { belongings } = this;
    if (belongings?.youngestChild === undefined) {
      done();
      return;
    }
    belongings.whenChildless = done;
    const children: Operation[] = [];
    for (let child: Operation | undefined = belongings.youngestChild; child; child = child.olderSibling) {
      children.push(child);
    }
    // The youngest first, as with finalizers. A child that ends at once leaves the list, so we walk a copy.
    for (const child of children) child.interrupt(reason);
  }

  private addChild(child: Operation): void {
    const { own } = this;
    const older = own.youngestChild;
    if (older !== undefined) older.youngerSibling = child;
    child.olderSibling = older;
    own.youngestChild = child;
  }

  private removeChild(child: Operation): void {
    const { own } = this;
    const { olderSibling: older, youngerSibling: younger } = child;
    if (younger !== undefined) younger.olderSibling = older;
    else if (own.youngestChild === child) own.youngestChild = older;
    if (older !== undefined) older.youngerSibling = younger;
    child.olderSibling = undefined;
    child.youngerSibling = undefined;
    if (own.whenChildless === undefined || hasChildren(own)) return;
    const done = own.whenChildless;
    own.whenChildless = undefined;
    done();
  }
}

function hasChildren({ youngestChild }: Belongings): boolean {
  return youngestChild !== undefined;
}

function ignore(): void {}
