/**
 * What code inside an operation sees of it: clock, cancel token, scope and values.
 *
 * The same object is the `env` of an effect and the `context` of `runEffect`. Handing it to a nested run is what
 * makes that run a child. Values are looked up along the chain of contexts, O(depth); nothing is copied.
 */
import type { Clock } from "@phyxius/clock";
import { requireDuration, requireFunction } from "@phyxius/clock/argument-checks";
import { type CancelToken, createOwnedCancelToken } from "./cancel-token.ts";
import type { Context } from "./context.ts";
import type { Finalizer, FinalizerScope } from "./finalizer-scope.ts";
import type { Operation } from "./operation.ts";
import { findOwn, listOwn, type OwnValues, setOwn } from "./own-values.ts";
import { isPromiseLike } from "./result.ts";

/** What an effect's function is given. */
export interface EffectEnv extends Context {
  get<T = unknown>(this: void, key: string): T | undefined;
  readonly clock: Clock | undefined;
  /** Raised when the operation is interrupted. */
  readonly cancel: CancelToken;
  /** What is to be done when the operation ends. */
  readonly scope: FinalizerScope;
  /** The same operation with one more value; this context stays as it is. */
  with<T>(this: void, key: string, value: T): EffectEnv;
  /** Milliseconds until the deadline of this operation or of one it is part of; `undefined` without any. */
  remainingMs(this: void): number | undefined;
}

/** What the function of `runEffect` is given. Pass it on, and nested runs belong to this operation. */
export interface RunContext extends EffectEnv {
  /** Sets a value of this operation: seen by it and by what it runs with this context, not outside. */
  set(this: void, key: string, value: unknown): void;
  with<T>(this: void, key: string, value: T): RunContext;
  /** Runs the finalizer when the operation ends, last come first served, before the caller hears of it. */
  defer(this: void, finalizer: Finalizer): void;
  /** The operation must end within `ms` from now. A deadline is never moved back, only forward. */
  timeout(this: void, ms: number): void;
  /** Runs a piece of work that must end within `ms`, as an operation nested in this one. */
  timeout<A>(this: void, ms: number, work: Work<A>): Promise<A>;
}

type Work<A> = ((context: RunContext) => Promise<A> | A) | PromiseLike<A>;

/** What a part of an operation has for itself instead of sharing the operation's. */
interface Shield {
  readonly token: CancelToken | undefined;
  readonly scope: FinalizerScope | undefined;
}

export class OperationContext implements RunContext {
  // `declare` and assignment, because a context is made for every client operation: see `Operation`.
  declare readonly operation: Operation;
  declare clock: Clock | undefined;
  declare private readonly outer: Context | undefined;
  declare private own: OwnValues | undefined;
  declare private shield: Shield | undefined;

  constructor(operation: Operation, clock: Clock | undefined, outer: Context | undefined) {
    this.operation = operation;
    this.clock = clock;
    this.outer = outer;
    this.own = undefined;
    this.shield = undefined;
  }

  get cancel(): CancelToken {
    return this.shield?.token ?? this.operation.cancelToken;
  }

  get scope(): FinalizerScope {
    return this.shield?.scope ?? this.operation.scope;
  }

  get values(): ReadonlyMap<string, unknown> {
    const values = new Map(this.outer?.values);
    for (const { key, value } of listOwn(this.own)) values.set(key, value);
    return values;
  }

  // The methods are read as functions of their own, so that `({ get, defer }) => ...` works. They are made when they
  // are read: most operations never read most of them.

  get get() {
    return <T = unknown>(key: string): T | undefined => this.find<T>(key);
  }

  get set() {
    return (key: string, value: unknown): void => this.keep(key, value);
  }

  get with() {
    return <T>(key: string, value: T): OperationContext => {
      const derived = this.derive();
      derived.keep(key, value);
      return derived;
    };
  }

  get remainingMs() {
    return (): number | undefined => this.operation.remainingMs();
  }

  get defer() {
    return (finalizer: Finalizer): void => {
      requireFunction("finalizer", finalizer);
      this.scope.push(finalizer);
    };
  }

  get timeout(): RunContext["timeout"] {
    return (<A>(ms: number, work?: Work<A>): Promise<A> | undefined => {
      if (work !== undefined) return this.runWithin(ms, work);
      requireDuration("ms", ms);
      this.operation.limit(this.waitClock(), ms);
      return undefined;
    }) as RunContext["timeout"];
  }

  /** What `get` gives, for those who have the context in hand. */
  find<T>(key: string): T | undefined {
    if (key === "clock") return this.clock as T | undefined;
    const found = findOwn(this.own, key);
    if (found !== undefined) return found.value as T;
    const { outer } = this;
    return outer instanceof OperationContext ? outer.find<T>(key) : outer?.get<T>(key);
  }

  private keep(key: string, value: unknown): void {
    if (key === "clock") this.clock = value as Clock | undefined;
    this.own = setOwn(this.own, key, value);
  }

  private async runWithin<A>(ms: number, work: Work<A>): Promise<A> {
    requireDuration("ms", ms);
    const fn = isPromiseLike(work) ? async () => work : work;
    requireFunction("work", fn);
    return this.operation.runWithin(this, ms, fn);
  }

  /** The same operation, with finalizers of its own. */
  withScope(scope: FinalizerScope): OperationContext {
    const derived = this.derive();
    derived.shield = { token: this.shield?.token, scope };
    return derived;
  }

  /** The same operation, for code that must not be interrupted: its token stays down. */
  shielded(): OperationContext {
    const derived = this.derive();
    const token = createOwnedCancelToken((kind) => this.operation.makeId(kind));
    derived.shield = { token, scope: this.shield?.scope };
    return derived;
  }

  get admitsChildren(): boolean {
    return this.shield?.token === undefined ? this.operation.admitsChildren : !this.operation.isEnded;
  }

  /** The clock that waits use, made up if need be. */
  waitClock(): Clock {
    return this.clock ?? this.operation.fallbackClock();
  }

  private derive(): OperationContext {
    const derived = new OperationContext(this.operation, this.clock, this);
    derived.shield = this.shield;
    return derived;
  }
}
