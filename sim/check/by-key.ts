import type { History, Operation } from "../run/history.ts";
import { asRegister } from "./register/as-register.ts";
import type { RegisterOperation } from "./register/register-operation.ts";

/**
 * The operations of each key as those of a register (see `asRegister`), in the order of the history; keys in the order
 * of their first operation.
 * Linearizability is local (Herlihy and Wing 1990): a history is right when it is right key by key.
 */
export function byKey(history: History): ReadonlyMap<string, readonly RegisterOperation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of history) {
    const group = groups.get(operation.key);
    if (group === undefined) groups.set(operation.key, [operation]);
    else group.push(operation);
  }
  return new Map(Array.from(groups, ([key, operations]) => [key, asRegister(operations)]));
}
