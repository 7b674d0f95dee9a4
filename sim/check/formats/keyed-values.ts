import { keyText } from "./edn-events.ts";
import type { Data, RecordedOperation } from "./recorded-history.ts";

/**
 * Jepsen tests many keys at once by making each value a pair of key and value (`jepsen.independent`). A read is called
 * with no value, so that a history whose reads are called with pairs, and which has no other keys, is one of those.
 */
export function splitKeyedValues(operations: readonly RecordedOperation[]): readonly RecordedOperation[] {
  const reads = operations.filter(({ f }) => f === "read");
  const isKeyed = reads.length > 0 && reads.every(({ input }) => isPair(input));
  if (!isKeyed || !operations.every(({ key, input }) => key === null && isPair(input))) return operations;
  return operations.map(keyedOperation);
}

/** An operation whose values are pairs of key and value, with that key. */
export function keyedOperation(operation: RecordedOperation): RecordedOperation {
  const { input, output } = operation;
  return {
    ...operation,
    key: keyText(isPair(input) ? input[0] : null),
    input: isPair(input) ? input[1] : input,
    output: isPair(output) ? output[1] : output,
  };
}

export function isPair(value: Data): value is readonly [Data, Data] {
  return Array.isArray(value) && value.length === 2;
}
