import type { RecordedOperation } from "./recorded-history.ts";

/**
 * Numbers the calls and returns of operations that have times. Intervals are closed: at one instant all calls come
 * before all returns, so that operations which touch are concurrent.
 *
 * @returns in the order of the calls
 */
export function placeByTime(operations: readonly RecordedOperation[]): RecordedOperation[] {
  const inOrder = operations
    .map((operation) => ({ ...operation }))
    .sort((a, b) => (a.callUs ?? 0) - (b.callUs ?? 0) || a.line - b.line);
  const returning = inOrder
    .filter(({ result, returnUs = 0 }) => result !== "indeterminate" && returnUs < Number.POSITIVE_INFINITY)
    .sort((a, b) => (a.returnUs ?? 0) - (b.returnUs ?? 0) || a.line - b.line);
  let place = 0;
  let returned = 0;
  for (const operation of inOrder) {
    returned = returnBefore(operation.callUs ?? 0, returned);
    operation.callAt = place++;
  }
  returnBefore(Number.POSITIVE_INFINITY, returned);
  for (const operation of inOrder) {
    if (operation.result === "indeterminate") operation.returnAt = Number.POSITIVE_INFINITY;
  }
  return inOrder;

  function returnBefore(us: number, from: number): number {
    let next = from;
    for (
      let last = returning[next];
      last !== undefined && (last.returnUs ?? 0) < us;
      last = returning[++next]
    ) {
      last.returnAt = place++;
    }
    return next;
  }
}
