import fc from "fast-check";
import type { History, Operation, ResultKind } from "../../../sim/run/history.ts";

/** Small random histories with operations of every kind, and the definition by brute force. */

export const UNIT_US = 1000;

interface Draft {
  readonly kind: Operation["kind"];
  readonly call: number;
  readonly end: number;
  readonly result: ResultKind;
  readonly value: string | null;
  readonly ttlMs: number | null;
  readonly expected?: string | null;
  readonly effect?: Operation["effect"];
  readonly found?: string | null;
}

function build(drafts: readonly Draft[]): History {
  return drafts
    .map(({ call, end, effect, ...draft }, index): Operation => ({
      ...draft,
      ...(effect !== undefined && { effect }),
      id: `c${index}#1`,
      client: `c${index}`,
      machine: "n1",
      key: "k",
      callUs: call * UNIT_US,
      returnUs: end * UNIT_US,
      deadlineUs: (call + 500) * UNIT_US,
      error: draft.result === "ok" ? null : "unavailable",
    }))
    .sort((a, b) => a.callUs - b.callUs || (a.id < b.id ? -1 : 1));
}

const KINDS: readonly Operation["kind"][] = ["get", "set", "delete", "compareAndSet", "getOrLoad"];

/** Operations with nothing in common, without times to live. */
export const anyKinds = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS, "compareAndSet", "get"),
      pick: fc.nat(30),
      other: fc.nat(30),
      call: fc.integer({ min: 0, max: 12 }),
      length: fc.integer({ min: 0, max: 6 }),
      result: fc.constantFrom<ResultKind[]>("ok", "ok", "ok", "ok", "indeterminate", "fail"),
    }),
    { minLength: 2, maxLength: 7, size: "max" },
  )
  .map((raw) => {
    const values = raw.flatMap(({ kind }, i) => (kind === "get" || kind === "delete" ? [] : [`v${i}`]));
    const anyOf = (pick: number): string | null =>
      pick % 4 === 0 ? null : (values[pick % Math.max(1, values.length)] ?? null);
    return build(
      raw.map(({ kind, pick, other, call, length, result }, index): Draft => {
        const base = { kind, call, end: call + length, result, ttlMs: null };
        const seen = anyOf(pick);
        if (kind === "get") return { ...base, value: seen };
        if (kind === "set" || kind === "delete")
          return { ...base, value: kind === "set" ? `v${index}` : null };
        const written = { ...base, value: `v${index}` };
        const isFound = result === "ok" && other % 3 === 0;
        if (kind === "getOrLoad") {
          if (isFound) return { ...written, effect: "found", found: seen };
          return result === "ok" ? { ...written, effect: other % 5 === 0 ? "loaded" : "wrote" } : written;
        }
        // Whoever wrote, or may have, had a value to expect; nobody expects what it writes itself.
        const expected = seen === `v${index}` ? null : seen;
        if (isFound || (result === "ok" && expected === null)) {
          return { ...written, expected, effect: "found", found: anyOf(other) };
        }
        return { ...written, expected, ...(result === "ok" && { effect: "wrote" as const }) };
      }),
    );
  });

/**
 * Whether some order of the operations, each at a moment of its own, explains all that clients were told.
 * Knows the operations as clients do; shares nothing with their translation into reads and writes.
 */
export function isExplained(history: History): boolean {
  const operations = history.filter(({ result }) => result !== "fail");
  const all = (1 << operations.length) - 1;
  const isCertain = ({ result, effect }: Operation) => result === "ok" && effect !== "loaded";
  const optional = operations.reduce((bits, each, i) => (isCertain(each) ? bits : bits | (1 << i)), 0);

  /** What is in the key afterwards; undefined when it cannot have happened so. */
  function after(
    { kind, value, expected = null, effect, found = null, result }: Operation,
    held: string | null,
  ): string | null | undefined {
    if (kind === "get") return value === held ? held : undefined;
    if (effect === "found") return found === held ? held : undefined;
    if (kind === "delete") return null;
    if (kind !== "compareAndSet") return value;
    if (expected === null && result !== "ok") return held;
    return expected === held ? value : undefined;
  }

  function search(done: number, held: string | null, nowUs: number): boolean {
    if ((done | optional) === all) return true;
    return operations.some((operation, index) => {
      if ((done & (1 << index)) !== 0) return false;
      const atUs = Math.max(nowUs, operation.callUs);
      if (isCertain(operation) && atUs > operation.returnUs) return false;
      const next = after(operation, held);
      return next !== undefined && search(done | (1 << index), next, atUs);
    });
  }
  return search(0, null, Number.NEGATIVE_INFINITY);
}

/**
 * What a register with times to live answers, each operation at a moment hidden in its interval. A touch reads at one
 * moment and takes effect at another, within its interval or, without an answer, perhaps never or later.
 */
export const genuineKinds = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Operation["kind"][]>(
        "get",
        "get",
        "get",
        "set",
        "delete",
        "touch",
        "touch",
        "compareAndSet",
      ),
      gap: fc.integer({ min: 0, max: 5 }),
      before: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
      ttl: fc.integer({ min: 1, max: 14 }),
      start: fc.nat(3),
      isLost: fc.nat(6).map((die) => die === 0),
    }),
    { minLength: 4, maxLength: 12, size: "max" },
  )
  .map((steps) => {
    let held: { value: string; endsAt: number } | null = null;
    let now = 5;
    const drafts: Draft[] = steps.map(({ kind, gap, before, after, ttl, start, isLost }, index): Draft => {
      now += gap;
      const call = now - before;
      if (held !== null && held.endsAt <= now) held = null;
      // A time to live counts from the moment at which the machine takes the request up.
      const endsAt = Math.min(now, call + start) + ttl;
      const base = { kind, call, end: now + after, result: "ok" as const, value: null, ttlMs: null };
      const found = held?.value ?? null;
      switch (kind) {
        case "get":
          return { ...base, value: found };
        case "delete":
          held = null;
          return base;
        case "touch": {
          if (held === null) return { ...base, ttlMs: ttl, effect: "found", found };
          if (!isLost || index % 2 === 0) held = { ...held, endsAt: Math.max(held.endsAt, endsAt) };
          return isLost
            ? { ...base, ttlMs: ttl, result: "indeterminate" }
            : { ...base, ttlMs: ttl, effect: "touched" };
        }
        case "compareAndSet":
          if (found === null) return { ...base, value: `v${index}`, expected: null, effect: "found", found };
          held = { value: `v${index}`, endsAt };
          return { ...base, value: `v${index}`, ttlMs: ttl, expected: found, effect: "wrote" };
        case "set":
        case "getOrLoad":
        case "call":
          held = { value: `v${index}`, endsAt };
          return { ...base, value: `v${index}`, ttlMs: ttl };
      }
    });
    return build(drafts);
  });
