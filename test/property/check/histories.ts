import fc from "fast-check";
import type { History, Operation, ResultKind } from "../../../sim/run/history.ts";

/**
 * Small random histories of one key. Times are a few whole milliseconds, so that operations often touch at one
 * instant.
 */

const UNIT_US = 1000;

interface Draft {
  readonly kind: Operation["kind"];
  readonly value: string | null;
  readonly ttlMs: number | null;
  readonly call: number;
  readonly end: number;
  readonly result: ResultKind;
}

const someTtl = fc.option(fc.integer({ min: 0, max: 8 }), { nil: null });
const noTtl = fc.constant(null);

export interface HistoryOptions {
  readonly hasTtl: boolean;
  readonly operationsMax: number;
}

/** Operations with nothing in common: most of these histories are wrong. */
export function garbage({ hasTtl, operationsMax }: HistoryOptions): fc.Arbitrary<History> {
  const operation = fc.record({
    kind: fc.constantFrom<Operation["kind"][]>("get", "get", "get", "set", "set", "delete"),
    pick: fc.nat(20),
    call: fc.integer({ min: 0, max: 14 }),
    length: fc.integer({ min: 0, max: 7 }),
    result: fc.constantFrom<ResultKind[]>("ok", "ok", "ok", "ok", "indeterminate", "fail"),
    ttlMs: hasTtl ? someTtl : noTtl,
  });
  return fc.array(operation, { minLength: 2, maxLength: operationsMax, size: "max" }).map((raw) => {
    const values = raw.flatMap(({ kind }, index) => (kind === "set" ? [`v${index}`] : []));
    return build(
      raw.map(({ kind, pick, call, length, result, ttlMs }, index) => {
        // One get in about twenty finds a value that nobody wrote; of the others, a third miss.
        const found = pick === 20 ? "ghost" : pick % 3 === 0 ? null : (values[pick % values.length] ?? null);
        return {
          kind,
          value: kind === "set" ? `v${index}` : kind === "get" ? found : null,
          ttlMs: kind === "set" ? ttlMs : null,
          call,
          end: call + length,
          result,
        };
      }),
    );
  });
}

/**
 * Short sets and misses, long deletes, all answered: how many misses can so many deletes explain, when each
 * alone could be explained?
 */
export function absences({ hasTtl, operationsMax }: HistoryOptions): fc.Arbitrary<History> {
  const operation = fc.record({
    kind: fc.constantFrom<Operation["kind"][]>("get", "get", "set", "set", "delete"),
    call: fc.integer({ min: 0, max: 20 }),
    shortLength: fc.integer({ min: 0, max: 3 }),
    longLength: fc.integer({ min: 4, max: 16 }),
    isOdd: fc.integer({ min: 0, max: 5 }).map((die) => die === 0),
    ttlMs: hasTtl ? someTtl : noTtl,
  });
  return fc.array(operation, { minLength: 4, maxLength: operationsMax, size: "max" }).map((raw) =>
    build(
      raw.map(({ kind, call, shortLength, longLength, isOdd, ttlMs }, index) => ({
        kind,
        value: kind === "set" ? `v${index}` : null,
        ttlMs: kind === "set" ? ttlMs : null,
        call,
        end: call + ((kind === "delete") === isOdd ? shortLength : longLength),
        result: "ok",
      })),
    ),
  );
}

/** What a right register answers when it is asked at random moments, each hidden in a random interval. */
export function genuine({ hasTtl, operationsMax }: HistoryOptions): fc.Arbitrary<History> {
  const step = fc.record({
    kind: fc.constantFrom<Operation["kind"][]>("get", "get", "get", "set", "set", "delete"),
    gap: fc.integer({ min: 0, max: 4 }),
    before: fc.integer({ min: 0, max: 5 }),
    after: fc.integer({ min: 0, max: 5 }),
    fate: fc.constantFrom("ok", "ok", "ok", "ok", "ok", "lost", "late", "fail"),
    ttlMs: hasTtl ? someTtl : noTtl,
    hasExpired: fc.boolean(),
  });
  return fc.array(step, { minLength: 2, maxLength: operationsMax, size: "max" }).map((steps) => {
    let current: Draft | null = null;
    let now = 5;
    const drafts: Draft[] = [];
    steps.forEach(({ kind, gap, before, after, fate, ttlMs, hasExpired }, index) => {
      now += gap;
      const call = now - before;
      if (current !== null && current.ttlMs !== null && hasExpired && now >= current.call + current.ttlMs)
        current = null;
      if (kind === "get") {
        const value: string | null = current?.value ?? null;
        drafts.push({
          kind,
          value,
          ttlMs: null,
          call,
          end: now + after,
          result: fate === "fail" ? "fail" : "ok",
        });
        return;
      }
      const draft: Draft = {
        kind,
        value: kind === "set" ? `v${index}` : null,
        ttlMs: kind === "set" ? ttlMs : null,
        call,
        // An indeterminate write may take effect after its client gave up.
        end: fate === "late" ? call : now + after,
        result: fate === "lost" || fate === "late" ? "indeterminate" : fate === "fail" ? "fail" : "ok",
      };
      drafts.push(draft);
      if (fate === "ok" || fate === "late") current = kind === "set" ? draft : null;
    });
    return build(drafts);
  });
}

/** A genuine history in which one get answers something else, or one interval is moved. */
export function damaged(options: HistoryOptions): fc.Arbitrary<History> {
  return fc
    .tuple(genuine(options), fc.nat(20), fc.nat(20), fc.integer({ min: -6, max: 6 }))
    .map(([operations, place, pick, shift]) => {
      const target = operations[place % operations.length] as Operation;
      const values = operations.flatMap(({ kind, value }) => (kind === "set" ? [value] : []));
      const callUs = target.callUs + shift * UNIT_US;
      const moved = {
        ...target,
        callUs,
        returnUs: Math.max(callUs, target.returnUs + (shift * UNIT_US) / 2),
      };
      const changed =
        target.kind === "get" && pick % 2 === 0
          ? { ...target, value: pick % 3 === 0 ? null : (values[pick % values.length] ?? null) }
          : moved;
      return inCallOrder(operations.map((operation) => (operation === target ? changed : operation)));
    });
}

function build(drafts: readonly Draft[]): History {
  return inCallOrder(
    drafts.map(({ kind, value, ttlMs, call, end, result }, index) => ({
      id: `c${index}#1`,
      client: `c${index}`,
      machine: "n1",
      kind,
      key: "k",
      value,
      ttlMs,
      callUs: call * UNIT_US,
      returnUs: end * UNIT_US,
      deadlineUs: call * UNIT_US + 500_000,
      result,
      error: result === "ok" ? null : "unavailable",
    })),
  );
}

function inCallOrder(operations: readonly Operation[]): History {
  return [...operations].sort((a, b) => a.callUs - b.callUs || (a.id < b.id ? -1 : 1));
}
