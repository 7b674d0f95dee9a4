/** An immutable bag of values to hand to `run`. `with` copies: O(values). The key `"clock"` sets the clock. */
export interface Context {
  readonly values: ReadonlyMap<string, unknown>;
  get<T = unknown>(key: string): T | undefined;
  with<T>(key: string, value: T): Context;
}

export class ContextImpl implements Context {
  readonly values: ReadonlyMap<string, unknown>;

  constructor(values?: ReadonlyMap<string, unknown>) {
    this.values = new Map(values);
  }

  get<T = unknown>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }

  with<T>(key: string, value: T): Context {
    return new ContextImpl(new Map(this.values).set(key, value));
  }
}

export function createContext(values?: ReadonlyMap<string, unknown>): Context {
  return new ContextImpl(values);
}
