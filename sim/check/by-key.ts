import type { History, Operation } from "../run/history.ts";

/**
 * The operations of each key, in the order of the history; keys in the order of their first operation.
 * Linearizability is local (Herlihy and Wing 1990): a history is right when it is right key by key.
 */
export function byKey(history: History): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of history) {
    const group = groups.get(operation.key);
    if (group === undefined) groups.set(operation.key, [operation]);
    else group.push(operation);
  }
  return groups;
}
