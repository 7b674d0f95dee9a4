import { isKeyed } from "immutable";
import { type CacheRecord, type CacheState, formatVersion, type Version } from "../../src/index.ts";
import type { Snapshot } from "../run/system.ts";

/**
 * The cache's state is one immutable value, so a snapshot is a reference to it, and a recording of all states of a
 * run shares whatever two of them have in common.
 *
 * @param read the state at the moment; null before there is one
 * @returns to be called after every event
 */
export function createSnapshots(read: () => CacheState | null): () => Snapshot | null {
  // What is part of many states is described once, so that two descriptions share what two states share.
  const described = new WeakMap<object, unknown>();
  let last: { readonly state: CacheState; readonly snapshot: Snapshot } | null = null;
  return () => {
    const state = read();
    if (state === null) return null;
    if (last?.state !== state) last = { state, snapshot: { describe: () => describe(state, described) } };
    return last.snapshot;
  };
}

/** Any immutable value as plain data: maps as objects with sorted keys, versions and records as a reader wants them. */
function describe(value: unknown, described: WeakMap<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = described.get(value);
  if (known !== undefined) return known;
  const plain = isVersion(value) ? formatVersion(value) : describeParts(value, described);
  described.set(value, plain);
  return plain;
}

function describeParts(value: object, described: WeakMap<object, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => describe(item, described));
  if (isKeyed(value)) return fields([...value.entries()].sort(byName), described);
  if (Symbol.iterator in value)
    return [...(value as Iterable<unknown>)].map((item) => describe(item, described));
  if (isRecord(value)) {
    const { version, value: text, expireAtMs, operation } = value;
    return {
      value: text === null ? null : JSON.parse(text),
      version: formatVersion(version),
      expireAtMs,
      operation,
    };
  }
  return fields(Object.entries(value), described);
}

/** Of names that come from clients, so that one of them may be `__proto__`. */
function fields(
  entries: readonly (readonly [unknown, unknown])[],
  described: WeakMap<object, unknown>,
): object {
  const given = entries.filter(([, part]) => part !== undefined);
  return Object.fromEntries(given.map(([name, part]) => [String(name), describe(part, described)]));
}

function byName([a]: readonly [unknown, unknown], [b]: readonly [unknown, unknown]): number {
  return String(a) < String(b) ? -1 : 1;
}

function isVersion(value: object): value is Version {
  return "counter" in value && "node" in value && "incarnation" in value && Object.keys(value).length === 3;
}

function isRecord(value: object): value is CacheRecord {
  return (
    "key" in value && "version" in value && "expireAtMs" in value && "operation" in value && "value" in value
  );
}
