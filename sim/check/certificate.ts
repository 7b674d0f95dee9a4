import type { Operation } from "../run/history.ts";

/** The operations of a certificate as a reader wants them: each once, in the order of their calls. */
export function inTimeOrder<O extends Operation>(operations: readonly O[]): O[] {
  return [...new Set(operations)].sort(compareByTime);
}

/** Orders by call, then by return, then by name, so that equal times never depend on the order of the input. */
export function compareByTime(a: Operation, b: Operation): number {
  if (a.callUs !== b.callUs) return a.callUs - b.callUs;
  if (a.returnUs !== b.returnUs) return a.returnUs < b.returnUs ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
