/** What a client's operation is in terms of the cache. */
import { type Clock, ms } from "@phyxius/clock";
import { type Cache, CacheError, DEFAULT_LIMITS, type Lookup } from "../../src/index.ts";
import { type OperationKind, REFUSED } from "../run/history.ts";
import type { Loader, OperationAnswer, OperationRequest } from "../run/system.ts";

/** Does what a client asks for. Never rejects. */
export async function perform(
  cache: Cache,
  clock: Clock,
  request: OperationRequest,
): Promise<OperationAnswer> {
  const { kind, key, value } = request;
  const options = { deadlineMs: Math.max(1, Math.floor(request.deadlineMs)) };
  const ttlMs = request.ttlMs ?? DEFAULT_LIMITS.ttlMsMax;
  try {
    switch (kind) {
      case "get":
        return read(await cache.lookup<string>(key, options));
      case "set":
        await cache.set(key, value, ttlMs, options);
        return DONE;
      case "delete":
        await cache.delete(key, options);
        return DONE;
      case "compareAndSet": {
        const { expected = null } = request;
        // Whoever knows no version has to look first.
        if (expected === null) return found(read(await cache.lookup<string>(key, options)));
        const swap = await cache.compareAndSet<string>(key, expected, value, ttlMs, options);
        return swap.isSet
          ? { ...DONE, effect: "wrote", version: swap.version }
          : found({ ...DONE, value: swap.value ?? null, version: swap.version });
      }
      case "touch": {
        const isTouched = await cache.touch(key, ttlMs, options);
        return isTouched ? { ...DONE, effect: "touched" } : found(DONE);
      }
      case "getOrLoad":
        return await load(cache, clock, request, { ...options, ttlMs });
      case "call":
        return { result: "fail", value: null, error: REFUSED };
    }
  } catch (error) {
    return { ...describeError(kind, error), value: null };
  }
}

const DONE: OperationAnswer = { result: "ok", value: null, error: null };

function read(lookup: Lookup<string>): OperationAnswer {
  if (lookup.status === "unavailable") throw lookup.error;
  if (lookup.status !== "hit") return DONE;
  return { result: "ok", value: lookup.value, error: null, version: lookup.version };
}

function found(answer: OperationAnswer): OperationAnswer {
  return { ...answer, effect: "found" };
}

async function load(
  cache: Cache,
  clock: Clock,
  { key, value, loader }: OperationRequest,
  options: { readonly deadlineMs: number; readonly ttlMs: number },
): Promise<OperationAnswer> {
  const loaded = await cache.lookupOrLoad<string | null>(key, () => runLoader(loader, clock, value), options);
  if (loaded.status === "negative") return found(DONE);
  if (loaded.status !== "loaded") return found({ ...DONE, value: loaded.value, version: loaded.version });
  if (!loaded.isStored) return { ...DONE, effect: "loaded" };
  return loaded.value === value ? { ...DONE, effect: "wrote" } : found({ ...DONE, value: loaded.value });
}

async function runLoader(
  loader: Loader | undefined,
  clock: Clock,
  value: string | null,
): Promise<string | null> {
  loader?.began();
  await clock.sleep(ms(Math.round(loader?.lastsMs ?? 0)));
  loader?.ended();
  return value;
}

/**
 * A get that failed has told nothing. A write that failed certainly did not happen where the cache says so, which
 * for the baseline policy is its word (every error of its own), not the truth. A load may go on when its caller has
 * given up.
 */
function describeError(kind: OperationKind, error: unknown): Omit<OperationAnswer, "value"> {
  if (!(error instanceof CacheError)) {
    return { result: kind === "get" ? "fail" : "indeterminate", error: `threw: ${String(error)}` };
  }
  const { code } = error;
  const mayGoOn = kind === "getOrLoad" && code !== "not-supported" && !code.startsWith("invalid-");
  return { result: code === "indeterminate" || mayGoOn ? "indeterminate" : "fail", error: code };
}
