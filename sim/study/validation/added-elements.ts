import type { History, Operation } from "../../run/history.ts";

/** Of the elements that clients added to a set and were told so: how many are not in it when all has settled. */
export interface AddedElements {
  readonly acknowledged: number;
  readonly lost: number;
}

/**
 * A set of elements that clients keep in one key, by reading it and writing it back with their own element added: a
 * get and a set, or a compare-and-set of what they last met. So the value that an operation writes stands for its own
 * element and all that its client had read, and what is in the set at the end are the elements met on the way back from
 * the last value. A client whose read fails goes on from what it knows.
 *
 * @param settleUs from when on a get tells what is there at the end; the last that found something counts
 */
export function addedToOneKey(history: History, settleUs: number): AddedElements {
  const ordered = history.toSorted((a, b) => a.returnUs - b.returnUs);
  /** By value written: the value that its writer had read. */
  const bases = new Map<string, string | null>();
  const known = new Map<string, string>();
  const acknowledged: string[] = [];
  let last: string | null = null;
  for (const operation of ordered) {
    const { client, kind, value, result } = operation;
    if (kind === "get" && result === "ok" && value !== null) {
      if (operation.callUs >= settleUs) last = value;
      else known.set(client, value);
    }
    if (!mayWrite(operation) || value === null) continue;
    bases.set(value, kind === "compareAndSet" ? (operation.expected ?? null) : (known.get(client) ?? null));
    if (kind === "set" && result === "ok") known.set(client, value);
    if (result === "ok") acknowledged.push(value);
  }

  const left = new Set<string>();
  for (
    let value: string | null = last;
    value !== null && !left.has(value);
    value = bases.get(value) ?? null
  ) {
    left.add(value);
  }
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((value) => !left.has(value)).length,
  };
}

function mayWrite({ kind, result, effect, expected }: Operation): boolean {
  if (result === "fail") return false;
  if (kind === "set") return true;
  return kind === "compareAndSet" && (result === "ok" ? effect === "wrote" : (expected ?? null) !== null);
}
