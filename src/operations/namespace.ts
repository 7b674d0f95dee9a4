import { InvalidArgumentError } from "../errors.ts";
import {
  type CountEnd,
  createKeyedOperations,
  type KeyedOperations,
  type KeyedParts,
  prefixOf,
} from "./keyed-operations.ts";

/** What happened to the keys of a namespace through this node, in the terms of `Statistics`. */
export interface NamespaceStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly getErrors: number;
  readonly writes: number;
  readonly writeErrors: number;
  /** Hits of all hits and misses, 0 before the first. */
  readonly hitRate: number;
}

/**
 * A part of the cache with keys of its own: what is written under a key here is not found under the same key
 * elsewhere. Everything else (the policy, limits, deadlines, the audit log) is that of the cache, and the bytes of the
 * name count as bytes of the key.
 *
 * It cannot be cleared: nobody knows all of its keys, which are anywhere in the cluster. Use a namespace with another
 * name, such as `users:2`, and let the entries of the old one expire.
 */
export interface Namespace extends KeyedOperations {
  readonly name: string;
  getStats(): NamespaceStatistics;
}

const NAME_LENGTH_MAX = 128;
/** Control characters, among them the one that ends the name within a key, and halves of surrogate pairs. */
const NO_NAME = /[\p{Cc}\p{Surrogate}]/u;

/** @throws InvalidArgumentError */
export function createNamespace(parts: KeyedParts, name: string): Namespace {
  if (typeof name !== "string" || name === "" || name.length > NAME_LENGTH_MAX || NO_NAME.test(name)) {
    const expected = `a text of 1 to ${NAME_LENGTH_MAX} characters, without control characters`;
    throw new InvalidArgumentError("invalid-namespace", `the name of a namespace must be ${expected}`);
  }
  const counts = { hits: 0, misses: 0, getErrors: 0, writes: 0, writeErrors: 0 };
  const count: CountEnd = (what) => void counts[what]++;
  return {
    ...createKeyedOperations(parts, prefixOf(name), count),
    name,
    getStats() {
      const total = counts.hits + counts.misses;
      return { ...counts, hitRate: total === 0 ? 0 : counts.hits / total };
    },
  };
}
