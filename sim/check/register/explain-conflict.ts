import type { Operation } from "../../run/history.ts";
import type { RecordedOperation } from "../formats/recorded-history.ts";
import type { MissConflict } from "./register-misses.ts";
import type { RegisterOperation } from "./register-operation.ts";
import type { BrokenCondition, RegisterConflict } from "./register-zones.ts";
import { measureStaleness } from "./register-staleness.ts";
import { counted, time } from "../wording.ts";

interface Explanation {
  readonly summary: string;
  readonly operations: readonly RecordedOperation[];
  readonly notes: readonly string[];
}

const SENTENCES: Readonly<Record<BrokenCondition, string>> = {
  "thin-air": "a value was read that nobody wrote",
  "read-before-write": "a value was read before its write was called",
  "two-values-at-once":
    "two values were there at once: each was there from one operation to another, and the times overlap",
  "value-came-back":
    "a value came back: it was there before and after another operation that leaves none of it",
  "replaced-twice": "two compare-and-sets replaced the same value, which only one can have found",
  "replaced-in-a-circle":
    "compare-and-sets replaced each other's values in a circle, so that none can have been first",
  "replaced-too-early": "a value was seen to be replaced before the value that it replaced was last seen",
};

/** How stale the reads of a register are, where that is what is wrong with it. */
export function stalenessNotes(
  operations: readonly RegisterOperation[],
  recordedOf: ReadonlyMap<Operation, RecordedOperation>,
): string[] {
  const hasTimes = [...recordedOf.values()].every(({ callUs }) => callUs !== undefined);
  const lineOf = new Map<Operation, number>();
  const timed = operations.map((operation) => {
    const recorded = recordedOf.get(operation);
    if (recorded === undefined) return operation;
    const { callUs = operation.callUs, returnUs = operation.returnUs, line } = recorded;
    const same = { ...operation, callUs, returnUs };
    lineOf.set(same, line);
    return same;
  });
  const measured = measureStaleness(timed);
  if ("condition" in measured || measured.mostBehind === null) return [];
  const { deltaUs, mostBehind } = measured;
  return [
    // Without times only the order is known, and a Δ of so many events says little.
    ...(hasTimes ? [`It would be right if every read had been called ${time(deltaUs)} earlier.`] : []),
    `The read that is most behind is that of line ${lineOf.get(mostBehind.read)}: ` +
      `${counted(mostBehind.versions, "newer write")} had ended when it was called.`,
  ];
}

/** What is wrong with a register, in terms of the lines of its history. */
export function explainConflict(
  conflict: RegisterConflict | MissConflict,
  recordedOf: ReadonlyMap<Operation, RecordedOperation>,
): Explanation {
  const operations = conflict.operations.flatMap((operation) => recordedOf.get(operation) ?? []);
  if ("condition" in conflict) {
    const fromBeginning = operations.length < conflict.operations.length;
    return {
      summary: SENTENCES[conflict.condition],
      operations,
      notes: fromBeginning ? ["One of the values is what was there in the beginning."] : [],
    };
  }
  const { misses, sources } = conflict;
  const summary =
    misses.length === 1
      ? "a read found nothing, although a value was there and nothing can have removed it"
      : `${counted(misses.length, "read")} found nothing, each after another value had been there, but only ` +
        `${counted(sources.length, "operation")} can have removed one`;
  return { summary, operations, notes: [] };
}
