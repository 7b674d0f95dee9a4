import fc from "fast-check";
import type { Data, RecordedOperation } from "../../../sim/check/formats/recorded-history.ts";

/** Small random histories of each model, and the definition of linearizability to hold them against. */

/** What clients ask of a model; `answers` are outputs to pick from. Values are few, so that they repeat. */
interface Vocabulary {
  readonly f: string;
  readonly inputs: readonly Data[];
  readonly answers: readonly Data[];
}

const FEW = [1, 2, 3];
const PAIRS = FEW.flatMap((from) => FEW.map((to): Data => [from, to]));

export const VOCABULARIES: Readonly<Record<string, readonly Vocabulary[]>> = {
  register: [
    { f: "read", inputs: [null], answers: [null, ...FEW] },
    { f: "write", inputs: FEW, answers: [null] },
    { f: "delete", inputs: [null], answers: [null] },
  ],
  "cas-register": [
    { f: "read", inputs: [null], answers: [null, ...FEW] },
    { f: "write", inputs: FEW, answers: [null] },
    { f: "cas", inputs: PAIRS, answers: [null] },
  ],
  kv: [
    { f: "get", inputs: [null], answers: ["", "a", "b", "ab", "ba", "aa"] },
    { f: "put", inputs: ["a", "b"], answers: [null] },
    { f: "append", inputs: ["a", "b"], answers: [null] },
  ],
  counter: [
    { f: "add", inputs: [1, 2], answers: [null] },
    { f: "read", inputs: [null], answers: [0, 1, 2, 3, 4] },
  ],
  set: [
    { f: "add", inputs: FEW, answers: [null] },
    { f: "remove", inputs: FEW, answers: [null] },
    { f: "contains", inputs: FEW, answers: [true, false] },
    { f: "read", inputs: [null], answers: [[], [1], [2, 1], [1, 2, 3]] },
  ],
  queue: [
    { f: "enqueue", inputs: FEW, answers: [null] },
    { f: "dequeue", inputs: [null], answers: [null, ...FEW] },
  ],
  lock: [
    { f: "acquire", inputs: ["a", "b"], answers: [null] },
    { f: "release", inputs: ["a", "b"], answers: [null] },
  ],
};

const result = fc.constantFrom<RecordedOperation["result"][]>(
  "ok",
  "ok",
  "ok",
  "ok",
  "indeterminate",
  "fail",
);

/** Operations with answers picked at random: most of these histories are wrong, some are right. */
export function recordedHistories(
  model: string,
  { operationsMax, keys = [null] }: { operationsMax: number; keys?: readonly (string | null)[] },
): fc.Arbitrary<RecordedOperation[]> {
  const vocabulary = VOCABULARIES[model] ?? [];
  const operation = fc.record({
    word: fc.nat(vocabulary.length - 1),
    input: fc.nat(20),
    answer: fc.nat(20),
    result,
    call: fc.nat(12),
    length: fc.nat(8),
    key: fc.constantFrom(...keys),
  });
  return fc.array(operation, { minLength: 1, maxLength: operationsMax, size: "max" }).map((raw) => {
    const ends = raw.flatMap(({ call, length }, index) => [
      { at: call, index, isReturn: false },
      { at: call + length, index, isReturn: true },
    ]);
    ends.sort((a, b) => a.at - b.at || Number(a.isReturn) - Number(b.isReturn) || a.index - b.index);
    const placeOf = (index: number, isReturn: boolean) =>
      ends.findIndex((end) => end.index === index && end.isReturn === isReturn);
    return raw
      .map((drawn, index): RecordedOperation => {
        const { f, inputs, answers } = vocabulary[drawn.word] as Vocabulary;
        const returnAt = drawn.result === "indeterminate" ? Number.POSITIVE_INFINITY : placeOf(index, true);
        return {
          line: index + 1,
          process: String(index),
          f,
          key: drawn.key,
          input: inputs[drawn.input % inputs.length] ?? null,
          output: drawn.result === "ok" ? (answers[drawn.answer % answers.length] ?? null) : null,
          result: drawn.result,
          callAt: placeOf(index, false),
          returnAt,
        };
      })
      .sort((a, b) => a.callAt - b.callAt);
  });
}

/** An operation that must, or may, have happened. */
export interface Step {
  readonly callAt: number;
  readonly returnAt: number;
}

/**
 * The definition itself, by trying all orders: is there one that keeps every "returned before it was called", holds all
 * that returned, and is legal? Shares nothing with the searches but what a step does.
 *
 * @param step the state after an operation; undefined when it is illegal
 */
export function hasOrder<State>(
  operations: readonly Step[],
  initial: State,
  step: (state: State, operation: number) => State | undefined,
): boolean {
  function go(left: readonly number[], state: State): boolean {
    const must = left.filter((index) => (operations[index] as Step).returnAt < Number.POSITIVE_INFINITY);
    if (must.length === 0) return true;
    const deadline = Math.min(...must.map((index) => (operations[index] as Step).returnAt));
    return left.some((index) => {
      if ((operations[index] as Step).callAt > deadline) return false;
      const after = step(state, index);
      return (
        after !== undefined &&
        go(
          left.filter((other) => other !== index),
          after,
        )
      );
    });
  }
  return go(
    operations.map((_, index) => index),
    initial,
  );
}
