import type { Cache } from "../../src/cache.ts";
import { createLoading } from "../../src/operations/loading.ts";
import type { OperationOptions } from "../../src/index.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant } from "./plant.ts";

/** Loading takes as long as it takes to look this up. */
const ORIGIN = "the origin";

/**
 * A program that reads through the cache, from an origin that has nothing and must not be asked twice at once for the
 * same key by one node. Where it is, nobody catches what it throws.
 */
function readingThrough(cache: Cache): Cache {
  const loading = new Set<string>();

  async function load(key: string): Promise<undefined> {
    if (loading.has(key)) void Promise.reject(new Error(`"${key}" is being loaded twice at once`));
    loading.add(key);
    await cache.lookup(ORIGIN);
    loading.delete(key);
  }

  return {
    ...cache,
    get: <T>(key: string, options?: OperationOptions) =>
      cache.getOrLoad<T>(key, load, { ...options, whenUnavailable: "fail" }),
  };
}

/** Callers who miss the same key at the same time each load it. */
export const everyCallerLoads = plant(
  abd,
  {
    parts: {
      createLoading(...args) {
        const loading = createLoading(...args);
        return {
          noteWrite: (key) => loading.noteWrite(key),
          load: (request) => createLoading(...args).load(request),
        };
      },
    },
  },
  { program: readingThrough },
);
