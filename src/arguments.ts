/**
 * What callers may pass. Everything is checked before an operation starts: a bad argument sends nothing and
 * changes nothing. Values are turned into text here, once, so that no caller shares an object with the cache.
 */
import { InvalidArgumentError } from "./errors.ts";
import type { Limits } from "./options.ts";

const DEADLINE_MS_MAX = 2_147_483_647;

export function requireKey(key: unknown, limits: Limits): asserts key is string {
  if (typeof key !== "string") {
    throw new InvalidArgumentError("invalid-key", `a key must be a string, got ${describe(key)}`);
  }
  if (key === "") throw new InvalidArgumentError("invalid-key", "a key must not be empty");
  const bytes = Buffer.byteLength(key);
  if (bytes > limits.keyBytesMax) {
    const problem = `the key has ${bytes} bytes; at most ${limits.keyBytesMax} (limits.keyBytesMax)`;
    throw new InvalidArgumentError("invalid-key", problem);
  }
  // Half a surrogate pair has no UTF-8, so two such keys could become one on the wire. ASCII has none.
  if (bytes !== key.length && LONE_SURROGATE.test(key)) {
    throw new InvalidArgumentError("invalid-key", "the key is not well-formed Unicode (a lone surrogate)");
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** JSON text of the value. What JSON drops (functions, undefined within objects, dates' type) is dropped. */
export function encodeValue(value: unknown, limits: Limits): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new InvalidArgumentError("invalid-value", `JSON has no form for ${value}`);
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError("invalid-value", `the value cannot be encoded as JSON: ${reason}`);
  }
  if (text === undefined) {
    throw new InvalidArgumentError("invalid-value", `JSON has no form for ${describe(value)}`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.valueBytesMax) {
    const problem = `the value has ${bytes} bytes as JSON; at most ${limits.valueBytesMax} (limits.valueBytesMax)`;
    throw new InvalidArgumentError("invalid-value", problem);
  }
  return text;
}

export function requireTtl(ttlMs: unknown, limits: Limits): asserts ttlMs is number {
  if (typeof ttlMs === "number" && ttlMs > 0 && ttlMs <= limits.ttlMsMax) return;
  const expected = `a number of milliseconds above 0, at most ${limits.ttlMsMax} (limits.ttlMsMax)`;
  throw new InvalidArgumentError("invalid-ttl", `a ttl must be ${expected}, got ${describe(ttlMs)}`);
}

/** A length of time that may be nothing. */
export function requireSpan(name: string, spanMs: unknown, limits: Limits): asserts spanMs is number {
  if (typeof spanMs === "number" && spanMs >= 0 && spanMs <= limits.ttlMsMax) return;
  const expected = `a number of milliseconds from 0 to ${limits.ttlMsMax} (limits.ttlMsMax)`;
  throw new InvalidArgumentError("invalid-ttl", `${name} must be ${expected}, got ${describe(spanMs)}`);
}

export function requireLoader(loader: unknown): void {
  if (typeof loader === "function") return;
  throw new InvalidArgumentError("invalid-loader", `a loader must be a function, got ${describe(loader)}`);
}

export function requireDeadline(deadlineMs: unknown): asserts deadlineMs is number {
  if (
    typeof deadlineMs === "number" &&
    Number.isInteger(deadlineMs) &&
    deadlineMs > 0 &&
    deadlineMs <= DEADLINE_MS_MAX
  ) {
    return;
  }
  const problem = `deadlineMs must be whole milliseconds from 1 to ${DEADLINE_MS_MAX}, got ${describe(deadlineMs)}`;
  throw new InvalidArgumentError("invalid-deadline", problem);
}

function describe(value: unknown): string {
  if (typeof value === "number" || value === null || value === undefined) return String(value);
  return typeof value === "string" ? `"${value.slice(0, 40)}"` : `a ${typeof value}`;
}
