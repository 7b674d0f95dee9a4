/**
 * What code inside an operation sees of it: clock, cancel token, scope and values.
 *
 * The same object is the `env` of an effect and the `context` of `runEffect`. Handing it to a nested run is what
 * makes that run a child. Values are looked up along the chain of contexts, O(depth); nothing is copied.
 */
import type { Clock } from "@phyxius/clock";
import type { CancelToken } from "./cancel-token.ts";
import { createOwnedCancelToken } from "./cancel-token.ts";
import type { Context } from "./context.ts";
import type { FinalizerScope } from "./finalizer-scope.ts";
import type { Operation } from "./operation.ts";

/** What an effect's function is given. */
export interface EffectEnv extends Context {
  readonly clock: Clock | undefined;
  readonly cancel: CancelToken;
  readonly scope: FinalizerScope;
  with<T>(key: string, value: T): EffectEnv;
}

/** What a part of an operation has for itself instead of sharing the operation's. */
interface Shield {
  readonly token: CancelToken | undefined;
  readonly scope: FinalizerScope | undefined;
}

export class OperationContext implements EffectEnv {
  // `declare` and assignment, because a context is made for every client operation: see `Operation`.
  declare readonly operation: Operation;
  declare clock: Clock | undefined;
  declare private readonly outer: Context | undefined;
  declare private own: Map<string, unknown> | undefined;
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
    if (this.own !== undefined) for (const [key, value] of this.own) values.set(key, value);
    return values;
  }

  get<T = unknown>(key: string): T | undefined {
    if (this.own !== undefined && this.own.has(key)) return this.own.get(key) as T | undefined;
    const value = this.outer?.get<T>(key);
    return value === undefined && key === "clock" ? (this.clock as T | undefined) : value;
  }

  set(key: string, value: unknown): void {
    if (key === "clock") this.clock = value as Clock | undefined;
    (this.own ??= new Map<string, unknown>()).set(key, value);
  }

  with<T>(key: string, value: T): OperationContext {
    const derived = this.derive();
    derived.set(key, value);
    return derived;
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

  /** A context of the same kind that looks further here. */
  protected create(): OperationContext {
    return new OperationContext(this.operation, this.clock, this);
  }

  private derive(): OperationContext {
    const derived = this.create();
    derived.shield = this.shield;
    return derived;
  }
}
