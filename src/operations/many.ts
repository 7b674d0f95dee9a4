/** Many keys in one call. Each is an operation of its own, with its own deadline and its own end. */
import { CacheError, InvalidArgumentError } from "../errors.ts";
import type { KeyedOperations, OperationOptions } from "./keyed-operations.ts";
import type { Lookup } from "./results.ts";

export interface ManyOptions extends OperationOptions {
  /** How many operations run at a time; 16 by default. */
  readonly concurrency?: number | undefined;
}

/** By key, each once, in the order in which they were asked for. */
export type ManyLookups<T = unknown> = ReadonlyMap<
  string,
  Lookup<T> | { readonly status: "refused"; readonly error: CacheError }
>;

/** By key. The error says, as that of `set`, whether it may have happened. */
export type ManyWrites = ReadonlyMap<
  string,
  { readonly status: "stored" } | { readonly status: "failed"; readonly error: CacheError }
>;

const CONCURRENCY = 16;

export async function getMany<T>(
  keyed: KeyedOperations,
  keys: Iterable<string>,
  { concurrency, ...options }: ManyOptions = {},
): Promise<ManyLookups<T>> {
  const distinct = [...new Set(keys)];
  const results = await eachOf(distinct, concurrency, async (key) => {
    try {
      return await keyed.lookup<T>(key, options);
    } catch (error) {
      return { status: "refused", error: requireCacheError(error) } as const;
    }
  });
  return new Map(distinct.map((key, place) => [key, results[place] as (typeof results)[number]]));
}

export async function setMany(
  keyed: KeyedOperations,
  entries: Iterable<readonly [string, unknown]>,
  ttlMs: number | undefined,
  { concurrency, ...options }: ManyOptions = {},
): Promise<ManyWrites> {
  const distinct = [...new Map(entries)];
  const results = await eachOf(distinct, concurrency, async ([key, value]) => {
    try {
      await keyed.set(key, value, ttlMs, options);
      return { status: "stored" } as const;
    } catch (error) {
      return { status: "failed", error: requireCacheError(error) } as const;
    }
  });
  return new Map(distinct.map(([key], place) => [key, results[place] as (typeof results)[number]]));
}

/** What the work gave for each item; never more than `concurrency` are under way. */
async function eachOf<Item, Result>(
  items: readonly Item[],
  concurrency: number | undefined,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const workers = Math.min(items.length, concurrencyOf(concurrency));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < items.length) {
        const place = next++;
        results[place] = await work(items[place] as Item);
      }
    }),
  );
  return results;
}

function concurrencyOf(concurrency: number = CONCURRENCY): number {
  if (Number.isInteger(concurrency) && concurrency > 0) return concurrency;
  throw new InvalidArgumentError(
    "invalid-concurrency",
    `concurrency must be a whole number above 0, got ${String(concurrency)}`,
  );
}

/** Anything else is a bug, and not the result of one key. */
function requireCacheError(error: unknown): CacheError {
  if (error instanceof CacheError) return error;
  throw error;
}
