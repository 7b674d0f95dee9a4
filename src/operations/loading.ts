/**
 * Loads what the cache does not have, once for all who ask.
 *
 * Single flight. A load belongs to the key and to the version that its caller had met (or to there being none).
 * Whoever meets the same one while the load is under way, or had begun to look before it ended, shares its end. Whoever
 * meets a newer one, a delete say, does not: what the load found may be what was deleted.
 *
 * Late fills. What was loaded is stored as what follows the version met at first, so a set or a delete that came
 * meanwhile stays, whoever made it. A policy that cannot order it so stores it unless this node wrote the key
 * meanwhile; of what other nodes wrote it knows nothing. And who could not read the key, and so met nothing, shares
 * only with others who could not, and what is loaded for them is not stored: it might replace something newer.
 *
 * Time to live counts from the start of the load: the value may be as old as that.
 */
import { EffectInterruptedError, EffectTimeoutError } from "@phyxius/effect";
import { encodeValue } from "../arguments.ts";
import { type ClientOperations, failureKind, messageOf } from "./client-operations.ts";
import { countLoadError, countLoading } from "../observe/counting.ts";
import { AbortedError, LoadError, StoppedError, UnavailableError } from "../errors.ts";
import type { CacheNode } from "../node/node.ts";
import type { PendingOperation } from "./operations.ts";
import type { Limits } from "../options.ts";
import { endOf, type Loaded } from "./results.ts";
import { encodeStored } from "../local/stored-value.ts";
import { compareMaybeVersions, type Version } from "../local/version.ts";

/** Gives the value, or undefined when there is none. */
export type Loader<T> = (key: string) => Promise<T | undefined> | T | undefined;

/** What a call asks for, with every default in its place. Times are milliseconds. */
export interface LoadRequest {
  readonly key: string;
  readonly loader: Loader<unknown>;
  readonly ttlMs: number;
  readonly staleMs: number;
  readonly negativeTtlMs: number;
  /** How long the load may take, whoever waits for it. */
  readonly loadMs: number;
  /** How long this caller waits. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly whenUnavailable: "load" | "fail";
  /** Told how the lookup ended. */
  readonly count: (end: "hits" | "misses" | "getErrors") => void;
}

export interface Loading {
  load<T>(request: LoadRequest): Promise<Loaded<T>>;
  /** This node writes the key: what is being loaded for it is outdated where versions do not say so. */
  noteWrite(key: string): void;
}

/** What a load ended with: what the loader gave, as JSON or null for none. */
interface FlightEnd {
  readonly json: string | null;
  readonly isStored: boolean;
}

/** The version that a caller has met, or null for none. Undefined: the cache could not be read. */
type Met = Version | null | undefined;

interface Flight {
  readonly met: Met;
  readonly end: Promise<FlightEnd>;
  /** This node has written the key since it began. */
  readonly isOutdated: () => boolean;
  /** The number of the last caller that came before it ended; null while it lasts. */
  lastCaller: number | null;
}

/** Of one key: who is asking for it at the moment, and the last load since somebody has been. */
interface Interest {
  callers: number;
  /** Numbers the callers, from the first since there has always been one. */
  lastCaller: number;
  /** How often this node has written the key meanwhile. */
  writes: number;
  flight: Flight | null;
}

export function createLoading(
  { state, policy, operations, emit, clock }: CacheNode,
  client: ClientOperations,
  { limits, operationMs }: { readonly limits: Limits; readonly operationMs: number },
): Loading {
  const interests = new Map<string, Interest>();

  /** Runs the loader, under its own time limit, and gives JSON or null. */
  async function runLoader({ key, loader, loadMs }: LoadRequest): Promise<string | null> {
    let value: unknown;
    try {
      value = await operations.within(loadMs, async () => loader(key));
    } catch (error) {
      if (error instanceof EffectTimeoutError) {
        throw new LoadError(`the loader of "${key}" took longer than ${loadMs} ms (loadMs)`, error);
      }
      if (error instanceof EffectInterruptedError) throw new StoppedError();
      throw new LoadError(`the loader of "${key}" failed: ${messageOf(error)}`, error);
    }
    if (value === undefined) return null;
    try {
      return encodeValue(value, limits);
    } catch (error) {
      throw new LoadError(`the loader of "${key}" gave what cannot be kept: ${messageOf(error)}`, error);
    }
  }

  async function fly(request: LoadRequest, met: Met, isOutdated: () => boolean): Promise<FlightEnd> {
    const { key, ttlMs, staleMs, negativeTtlMs } = request;
    const operation = client.begin("load", key, operationMs);
    const { id } = operation;
    emit({ type: "cache.load.started", operation: id, key });
    let json: string | null;
    try {
      json = await runLoader(request);
    } catch (error) {
      const code = failureKind(error);
      state.swap((current) => countLoadError(current, code));
      emit({ type: "cache.load.error", operation: id, key, code, error: messageOf(error) });
      throw error;
    }
    // A policy that cannot tell when a value expires cannot tell that it is stale either.
    const spareMs = json === null || policy.fill === undefined ? 0 : staleMs;
    const lifeMs = (json === null ? negativeTtlMs : ttlMs) + spareMs;
    const text = encodeStored({ json, staleMs: spareMs });
    const isStored =
      lifeMs > 0 && met !== undefined && (await store(operation, text, lifeMs, met, isOutdated));
    state.swap((current) => countLoading(current, "loads"));
    emit({ type: "cache.load.completed", operation: id, key, isStored, isNegative: json === null });
    return { json, isStored };
  }

  /** False when it could not be stored, or might replace something newer. */
  async function store(
    operation: PendingOperation,
    text: string,
    lifeMs: number,
    seen: Version | null,
    isOutdated: () => boolean,
  ): Promise<boolean> {
    try {
      return await operations.run(operation, async (running) => {
        if (policy.fill !== undefined) return policy.fill(running, text, lifeMs, seen);
        if (isOutdated()) return false;
        await policy.set(running, text, lifeMs);
        return true;
      });
    } catch (thrown) {
      const code = failureKind(client.explain(operation, thrown));
      state.swap((current) => countLoadError(current, code));
      return false;
    }
  }

  /** The load that this caller may share, or else a new one. */
  function flightFor(request: LoadRequest, interest: Interest, caller: number, met: Met): Flight {
    const { flight, writes } = interest;
    if (
      flight !== null &&
      !flight.isOutdated() &&
      isSame(flight.met, met) &&
      (flight.lastCaller === null || caller <= flight.lastCaller)
    ) {
      return flight;
    }
    const isOutdated = () => interest.writes !== writes;
    const end = fly(request, met, isOutdated).finally(() => {
      next.lastCaller = interest.lastCaller;
      forgetUnlessNeeded(request.key, interest);
    });
    // Whoever waits is told; nobody has to.
    end.catch(() => {});
    const next: Flight = { met, end, isOutdated, lastCaller: null };
    interest.flight = next;
    return next;
  }

  function forgetUnlessNeeded(key: string, interest: Interest): void {
    if (interest.callers > 0 || interest.flight?.lastCaller === null) return;
    if (interests.get(key) === interest) interests.delete(key);
  }

  async function waitFor<T>(
    { key, deadlineMs, signal }: LoadRequest,
    flight: Flight,
    endMs: number,
  ): Promise<Loaded<T>> {
    // A clock may count parts of milliseconds; a duration has none.
    const leftMs = Math.max(0, Math.ceil(endMs - clock.now().monoMs));
    let giveUp: (() => void) | undefined;
    try {
      const { json, isStored } = await operations.within(leftMs, () => {
        if (signal === undefined) return flight.end;
        return new Promise<FlightEnd>((resolve, reject) => {
          giveUp = () => reject(new AbortedError(key));
          signal.addEventListener("abort", giveUp);
          if (signal.aborted) giveUp();
          flight.end.then(resolve, reject);
        });
      });
      return json === null
        ? { status: "negative" }
        : { status: "loaded", value: JSON.parse(json) as T, isStored };
    } catch (error) {
      if (error instanceof EffectInterruptedError) throw new StoppedError();
      if (!(error instanceof EffectTimeoutError)) throw error;
      throw new UnavailableError(
        `"${key}" was not loaded within ${deadlineMs} ms; the load goes on, so ask again`,
      );
    } finally {
      if (giveUp !== undefined) signal?.removeEventListener("abort", giveUp);
    }
  }

  return {
    async load<T>(request: LoadRequest): Promise<Loaded<T>> {
      const { key, deadlineMs, signal } = request;
      if (signal?.aborted === true) throw new AbortedError(key);
      const endMs = clock.now().monoMs + deadlineMs;
      const interest = interests.get(key) ?? { callers: 0, lastCaller: 0, writes: 0, flight: null };
      interests.set(key, interest);
      interest.callers++;
      const caller = ++interest.lastCaller;
      try {
        const operation = client.begin("get", key, Math.min(operationMs, deadlineMs));
        const found = await client.read<T>(operation, true);
        request.count(endOf(found.status));
        if (found.status === "hit" || found.status === "negative") return found;
        if (found.status === "stale") {
          flightFor(request, interest, caller, operation.seen);
          return found;
        }
        if (found.status === "unavailable" && request.whenUnavailable === "fail") throw found.error;
        const met = found.status === "unavailable" ? undefined : operation.seen;
        return await waitFor<T>(request, flightFor(request, interest, caller, met), endMs);
      } finally {
        interest.callers--;
        forgetUnlessNeeded(key, interest);
      }
    },
    noteWrite(key) {
      const interest = interests.get(key);
      if (interest !== undefined) interest.writes++;
    },
  };
}

function isSame(a: Met, b: Met): boolean {
  if (a === undefined || b === undefined) return a === b;
  return compareMaybeVersions(a, b) === 0;
}
