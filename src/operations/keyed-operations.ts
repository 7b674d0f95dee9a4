/** What can be done with a key, as callers see it: for the whole cache, or for one namespace of it. */
import {
  encodeValue,
  requireDeadline,
  requireKey,
  requireLoader,
  requireSpan,
  requireTtl,
  requireVersion,
} from "../arguments.ts";
import type { ClientOperations, WriteEvents } from "./client-operations.ts";
import { InvalidArgumentError, NotSupportedError } from "../errors.ts";
import type { Loader, Loading } from "./loading.ts";
import { getMany, type ManyLookups, type ManyOptions, type ManyWrites, setMany } from "./many.ts";
import type { ResolvedOptions } from "../options.ts";
import { decodeStored } from "../local/stored-value.ts";
import type { PolicyNode, PolicySwap } from "../policies/policy.ts";
import { endOf, type Hit, type Loaded, type Lookup, type Swap } from "./results.ts";

export interface OperationOptions {
  /** How long to try, in whole milliseconds; `timing.deadlineMs` by default. */
  readonly deadlineMs?: number | undefined;
}

/** Lengths of time are milliseconds. */
export interface LoadOptions {
  /** How long what was loaded is fresh, from the start of the load; `defaultTtlMs` by default. */
  readonly ttlMs?: number | undefined;
  /** For how long after that it is still given out, while it is loaded anew; 0 by default. */
  readonly staleMs?: number | undefined;
  /** How long it is remembered that there is no value; 0 by default: not at all. */
  readonly negativeTtlMs?: number | undefined;
  /** How long the loader may take, in whole milliseconds; 30 s by default. */
  readonly loadMs?: number | undefined;
  /** How long this caller waits, in whole milliseconds; by default as long as reading and the load may take. */
  readonly deadlineMs?: number | undefined;
  /** Ends the waiting of this caller, and nothing else. */
  readonly signal?: AbortSignal | undefined;
  /** What to do when the cache cannot be read: `load` (the default) or `fail`. */
  readonly whenUnavailable?: "load" | "fail" | undefined;
}

export interface KeyedOperations {
  /**
   * The value, or undefined when there is none.
   * @throws InvalidArgumentError, UnavailableError, StoppedError
   */
  get<T = unknown>(key: string, options?: OperationOptions): Promise<T | undefined>;
  /**
   * The near copy, at once, if there is one that may be read; undefined says nothing of the value. The other reads use
   * near copies too. Throws InvalidArgumentError, StoppedError.
   */
  peek<T = unknown>(key: string): Hit<T> | undefined;
  /**
   * The same, with where the value came from; an answer that could not be had is a result, not an error.
   * @throws InvalidArgumentError, StoppedError
   */
  lookup<T = unknown>(key: string, options?: OperationOptions): Promise<Lookup<T>>;
  /**
   * The value, from the cache or else from the loader, which runs once for all who wait: see `loading.ts`.
   * @throws InvalidArgumentError, LoadError, AbortedError, StoppedError
   * @throws UnavailableError when the deadline passed, or the cache cannot be read and `whenUnavailable` is `fail`
   */
  getOrLoad<T = unknown>(key: string, loader: Loader<T>, options?: LoadOptions): Promise<T | undefined>;
  /** The same, with where the value came from. */
  lookupOrLoad<T = unknown>(key: string, loader: Loader<T>, options?: LoadOptions): Promise<Loaded<T>>;
  /**
   * Stores what JSON keeps of the value, for `ttlMs` milliseconds from now.
   * @throws InvalidArgumentError, UnavailableError, StoreFullError, StoppedError: nothing happened
   * @throws IndeterminateError: it may have happened
   */
  set(key: string, value: unknown, ttlMs?: number, options?: OperationOptions): Promise<void>;
  /**
   * Sets the value if the version that is there is the expected one, as `lookup` told it, or if there is none and null
   * is expected: in one step, whoever else writes. Otherwise it tells what is there.
   * @throws NotSupportedError: the policy cannot do that; otherwise as `set` does
   */
  compareAndSet<T = unknown>(
    key: string,
    expected: string | null,
    value: unknown,
    ttlMs?: number,
    options?: OperationOptions,
  ): Promise<Swap<T>>;
  /** Throws as `set` does. */
  delete(key: string, options?: OperationOptions): Promise<void>;
  /**
   * Lets the present value live at least `ttlMs` milliseconds from now; false when there is none. What is written
   * at the same time, or later, stays as it was written. Throws as `set` does, and `NotSupportedError`.
   */
  touch(key: string, ttlMs: number, options?: OperationOptions): Promise<boolean>;
  /** `lookup` of each key, a few at a time. One that fails does not keep the others from their result. */
  getMany<T = unknown>(keys: Iterable<string>, options?: ManyOptions): Promise<ManyLookups<T>>;
  /** `set` of each entry, in the same way. Of several entries with the same key the last counts. */
  setMany(
    entries: Iterable<readonly [string, unknown]>,
    ttlMs?: number,
    options?: ManyOptions,
  ): Promise<ManyWrites>;
}

/** Told how each operation ended, in the terms of the statistics. */
export type CountEnd = (what: "hits" | "misses" | "getErrors" | "writes" | "writeErrors") => void;

export interface KeyedParts {
  readonly client: ClientOperations;
  readonly loading: Loading;
  readonly policy: PolicyNode;
  readonly policyName: string;
  readonly resolved: ResolvedOptions;
}

const LOAD_MS = 30_000;

/** The keys of namespaces begin with it, and no other key. */
const RESERVED = "\u0000";
const RESERVED_CODE = 0;

/** What the keys of a namespace begin with. A name has no such character, so no two keys are ever the same. */
export function prefixOf(name: string): string {
  return RESERVED + name + RESERVED;
}

/** @param prefix stands before each key: empty, or that of a namespace */
export function createKeyedOperations(
  { client, loading, policy, policyName, resolved }: KeyedParts,
  prefix: string,
  count: CountEnd,
): KeyedOperations {
  const { limits, timing, defaultTtlMs, ttlJitter, random } = resolved;

  function fullKey(key: unknown): string {
    if (prefix === "") {
      requireKey(key, limits);
      if (!key.startsWith(RESERVED)) return key;
      const problem =
        'a key must not begin with "\\u0000", as those of namespaces do; use cache.namespace(name)';
      throw new InvalidArgumentError("invalid-key", problem);
    }
    // Its own form first: the prefix makes a key of an empty text.
    requireKey(key, limits);
    const full = prefix + key;
    requireKey(full, limits);
    return full;
  }

  /** Shorter by up to the jitter, so that what was written together does not expire together. */
  function jittered(ttlMs: number): number {
    return ttlJitter === 0 ? ttlMs : ttlMs * (1 - ttlJitter * random());
  }

  /** Checks the arguments of an operation; what is wrong with them is counted. */
  function check(key: unknown, deadlineMs: unknown, more: () => void = () => {}): string {
    let full = "";
    client.admit(() => {
      full = fullKey(key);
      requireDeadline(deadlineMs);
      more();
    });
    return full;
  }

  /** @param note is called at once and when the write has ended */
  async function counted<A>(key: string, work: Promise<A>, note = noteWrite): Promise<A> {
    try {
      note(key);
      const result = await work;
      count("writes");
      return result;
    } catch (error) {
      count("writeErrors");
      throw error;
    } finally {
      note(key);
    }
  }

  function refuseCompareAndSet(): never {
    throw new NotSupportedError(
      `the policy ${policyName} cannot compare and set: that takes one node that orders all writes of a key, as in ` +
        "the policy async-primary",
    );
  }

  /** What is being loaded for the key may be outdated. */
  function noteWrite(key: string): void {
    loading.noteWrite(key);
    client.dropNear(key);
  }

  function near<T>(full: string): Hit<T> | undefined {
    const hit = client.readNear<T>(full);
    if (hit !== undefined) count("hits");
    return hit;
  }

  const keyed: KeyedOperations = {
    peek<T>(key: string): Hit<T> | undefined {
      // What there is a copy of had a key that was checked; for the rest there is time to say what is wrong.
      const isKey = typeof key === "string" && (prefix !== "" || key.charCodeAt(0) !== RESERVED_CODE);
      const hit = isKey ? near<T>(prefix === "" ? key : prefix + key) : undefined;
      if (hit === undefined) check(key, timing.deadlineMs);
      return hit;
    },

    async lookup<T>(
      key: string,
      { deadlineMs = timing.deadlineMs }: OperationOptions = {},
    ): Promise<Lookup<T>> {
      const full = check(key, deadlineMs);
      const copy = near<T>(full);
      if (copy !== undefined) return copy;
      const operation = client.begin("get", full, deadlineMs);
      const found = await client.read<T>(operation, false);
      count(endOf(found.status));
      return found;
    },

    async get<T>(key: string, options?: OperationOptions): Promise<T | undefined> {
      const result = await keyed.lookup<T>(key, options);
      if (result.status === "unavailable") throw result.error;
      return result.status === "hit" ? result.value : undefined;
    },

    async lookupOrLoad<T>(key: string, loader: Loader<T>, options: LoadOptions = {}): Promise<Loaded<T>> {
      const { ttlMs = defaultTtlMs, staleMs = 0, negativeTtlMs = 0, loadMs = LOAD_MS, signal } = options;
      const { deadlineMs = 2 * timing.deadlineMs + loadMs, whenUnavailable = "load" } = options;
      const full = check(key, deadlineMs, () => {
        requireLoader(loader);
        requireTtl(ttlMs, limits);
        requireSpan("staleMs", staleMs, limits);
        requireSpan("negativeTtlMs", negativeTtlMs, limits);
        requireDeadline(loadMs);
      });
      const copy = near<T>(full);
      if (copy !== undefined) return copy;
      return loading.load<T>({
        key: full,
        loader: () => loader(key),
        ttlMs: jittered(ttlMs),
        staleMs,
        negativeTtlMs,
        loadMs,
        deadlineMs,
        signal,
        whenUnavailable,
        count,
      });
    },

    async getOrLoad<T>(key: string, loader: Loader<T>, options?: LoadOptions): Promise<T | undefined> {
      const result = await keyed.lookupOrLoad<T>(key, loader, options);
      return result.status === "negative" ? undefined : result.value;
    },

    async set(key, value, ttlMs = defaultTtlMs, { deadlineMs = timing.deadlineMs } = {}) {
      let encoded = "";
      const full = check(key, deadlineMs, () => {
        requireTtl(ttlMs, limits);
        encoded = encodeValue(value, limits);
      });
      const lifeMs = jittered(ttlMs);
      const operation = client.begin("set", full, deadlineMs);
      const trail = { operation: operation.id, key: full };
      const events: WriteEvents<void> = {
        started: { type: "cache.set.started", ...trail, ttlMs: lifeMs },
        completed: () => ({ type: "cache.set.completed", ...trail }),
        failed: "cache.set.error",
      };
      await counted(
        full,
        client.write(operation, events, (running) => policy.set(running, encoded, lifeMs)),
      );
    },

    async compareAndSet<T>(
      key: string,
      expected: string | null,
      value: unknown,
      ttlMs = defaultTtlMs,
      { deadlineMs = timing.deadlineMs }: OperationOptions = {},
    ): Promise<Swap<T>> {
      let encoded = "";
      const compareAndSet = policy.compareAndSet ?? refuseCompareAndSet;
      const full = check(key, deadlineMs, () => {
        requireVersion(expected);
        requireTtl(ttlMs, limits);
        encoded = encodeValue(value, limits);
        if (policy.compareAndSet === undefined) refuseCompareAndSet();
      });
      const lifeMs = jittered(ttlMs);
      const operation = client.begin("compareAndSet", full, deadlineMs);
      const trail = { operation: operation.id, key: full };
      const events: WriteEvents<PolicySwap> = {
        started: { type: "cache.compare_and_set.started", ...trail, expected, ttlMs: lifeMs },
        completed: ({ isSet, version }) => ({
          type: "cache.compare_and_set.completed",
          ...trail,
          isSet,
          version,
        }),
        failed: "cache.compare_and_set.error",
      };
      const {
        isSet,
        version,
        value: held,
      } = await counted(
        full,
        client.write(operation, events, (running) => compareAndSet(running, expected, encoded, lifeMs)),
      );
      if (isSet) return { isSet, version };
      const { json } = held === null ? { json: null } : decodeStored(held);
      return { isSet, version, value: json === null ? undefined : (JSON.parse(json) as T) };
    },

    async delete(key, { deadlineMs = timing.deadlineMs } = {}) {
      const full = check(key, deadlineMs);
      const operation = client.begin("delete", full, deadlineMs);
      const trail = { operation: operation.id, key: full };
      const events: WriteEvents<void> = {
        started: { type: "cache.delete.started", ...trail },
        completed: () => ({ type: "cache.delete.completed", ...trail }),
        failed: "cache.delete.error",
      };
      await counted(full, client.write(operation, events, policy.delete));
    },

    async touch(key, ttlMs, { deadlineMs = timing.deadlineMs } = {}) {
      const { touch } = policy;
      const full = check(key, deadlineMs, () => {
        requireTtl(ttlMs, limits);
        if (touch !== undefined) return;
        throw new NotSupportedError(`the policy ${policyName} cannot touch; set the value again`);
      });
      const operation = client.begin("touch", full, deadlineMs);
      const trail = { operation: operation.id, key: full };
      const events: WriteEvents<boolean> = {
        started: { type: "cache.touch.started", ...trail, ttlMs },
        completed: (isTouched) => ({ type: "cache.touch.completed", ...trail, isTouched }),
        failed: "cache.touch.error",
      };
      return counted(
        full,
        client.write(operation, events, async (running) => touch?.(running, ttlMs) ?? false),
        // What is being loaded is not outdated by a value that lives longer.
        (touched) => client.dropNear(touched),
      );
    },

    getMany: (keys, options) => getMany(keyed, keys, options),
    setMany: (entries, ttlMs, options) => setMany(keyed, entries, ttlMs, options),
  };
  return keyed;
}
