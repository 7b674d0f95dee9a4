import fc from "fast-check";
import type { RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";
import { placeByTime } from "../../../sim/check/formats/place-by-time.ts";

/** Histories of one register in which no value is written twice, with compare-and-sets that follow one another. */

interface Drawn {
  readonly kind: "read" | "write" | "cas" | "delete";
  readonly pick: number;
  readonly call: number;
  readonly length: number;
  readonly result: RecordedOperation["result"];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.constantFrom<Drawn["kind"][]>("read", "read", "read", "write", "cas", "cas", "delete"),
  pick: fc.nat(60),
  call: fc.nat(14),
  length: fc.nat(7),
  result: fc.constantFrom<Drawn["result"][]>("ok", "ok", "ok", "ok", "ok", "indeterminate", "fail"),
});

/** Reads and compare-and-sets refer to any of the values, or to none. Most of these histories are wrong. */
export function anyHistory(operationsMax: number, hasDeletes: boolean): fc.Arbitrary<RecordedOperation[]> {
  return fc.array(drawn, { minLength: 2, maxLength: operationsMax, size: "max" }).map((raw) => {
    const values = [
      null,
      ...raw.flatMap(({ kind }, i) => (kind === "write" || kind === "cas" ? [i + 1] : [])),
    ];
    return placeByTime(
      raw.map(({ kind, pick, call, length, result }, index): RecordedOperation => {
        const other = values[pick % values.length] ?? null;
        const f = kind === "delete" && !hasDeletes ? "read" : kind;
        const input = f === "cas" ? [other, index + 1] : f === "write" ? index + 1 : null;
        return recorded(
          f,
          index,
          input,
          f === "read" && result === "ok" ? other : null,
          call,
          call + length,
          result,
        );
      }),
    );
  });
}

/**
 * What a right register answers: each operation takes effect at a moment of its own, hidden in an interval. With
 * `damage`, one read answers something else.
 */
export function genuineHistory(
  operationsMax: number,
  hasDeletes: boolean,
  isDamaged: boolean,
): fc.Arbitrary<RecordedOperation[]> {
  const steps = fc.array(fc.record({ drawn, before: fc.nat(6), after: fc.nat(6), gap: fc.nat(3) }), {
    minLength: 2,
    maxLength: operationsMax,
    size: "max",
  });
  return fc.tuple(steps, fc.nat(60), fc.nat(60)).map(([raw, place, pick]) => {
    let current: number | null = null;
    let now = 10;
    const operations = raw.map(
      ({ drawn: { kind, result }, before, after, gap }, index): RecordedOperation => {
        now += gap;
        const f = kind === "delete" && !hasDeletes ? "read" : kind;
        const input = f === "cas" ? [current, index + 1] : f === "write" ? index + 1 : null;
        const output = f === "read" && result === "ok" ? current : null;
        const isLost = result === "indeterminate" && before > 3;
        if (result !== "fail" && !isLost && f !== "read") current = f === "delete" ? null : index + 1;
        return recorded(f, index, input, output, now - before, now + after, result);
      },
    );
    const target = operations[place % operations.length];
    const values = [null, ...operations.flatMap(({ f }, i) => (f === "write" || f === "cas" ? [i + 1] : []))];
    return placeByTime(
      operations.map((operation) =>
        isDamaged && operation === target && operation.f === "read"
          ? { ...operation, output: values[pick % values.length] ?? null }
          : operation,
      ),
    );
  });
}

function recorded(
  f: string,
  index: number,
  input: RecordedOperation["input"],
  output: RecordedOperation["output"],
  callUs: number,
  returnUs: number,
  result: RecordedOperation["result"],
): RecordedOperation {
  const base = { line: index + 1, process: String(index), f, key: null, input, output, result };
  return { ...base, callAt: 0, returnAt: 0, callUs, returnUs };
}
