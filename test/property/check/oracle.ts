import type { History, Operation } from "../../../sim/run/history.ts";

/**
 * The definition itself, by brute force: is there an order of the operations of one key, each at a moment of
 * its own interval, in which a register that starts empty, with deletes and expiry, answers as the clients saw?
 *
 * With an allowance for clocks that differ, a value may be missed by that much before its time to live is over,
 * and as each machine has a clock of its own, it may be found again after that.
 *
 * Shares nothing with the checkers: no clusters, no zones, no windows.
 */
export function isLinearizable(
  history: History,
  misses: "strict" | "evictable" = "strict",
  allowanceMs = 0,
): boolean {
  const operations = history.filter(
    ({ kind, result }) => result === "ok" || (result === "indeterminate" && kind !== "get"),
  );
  const all = (1 << operations.length) - 1;
  const optional = operations.reduce((bits, { result }, i) => (result === "ok" ? bits : bits | (1 << i)), 0);
  /** The earliest moment at which a (set of operations done, writer of the value or -1) has been tried. */
  const tried = new Map<number, number>();

  function search(done: number, current: number, nowUs: number): boolean {
    if ((done | optional) === all) return true;
    const configuration = done * 64 + current + 1;
    const before = tried.get(configuration);
    if (before !== undefined && before <= nowUs) return false;
    tried.set(configuration, nowUs);
    return operations.some((operation, index) => {
      if ((done & (1 << index)) !== 0) return false;
      const endUs = operation.result === "ok" ? operation.returnUs : Number.POSITIVE_INFINITY;
      const atUs = Math.max(nowUs, operation.callUs);
      const next = done | (1 << index);
      const go = (after: number, us: number) => us <= endUs && search(next, after, us);
      if (operation.kind === "set") return go(index, atUs);
      if (operation.kind === "delete") return go(-1, atUs);
      const writer = operations[current];
      if (operation.value !== null) return writer?.value === operation.value && go(current, atUs);
      if (writer === undefined || misses === "evictable") return go(-1, atUs);
      if (writer.ttlMs === null) return false;
      // Once gone it stays away, unless clocks differ: then it is there for some and gone for others.
      const after = allowanceMs === 0 ? -1 : current;
      return go(after, Math.max(atUs, expiresUs(writer) - allowanceMs * 1000));
    });
  }
  return search(0, -1, Number.NEGATIVE_INFINITY);
}

function expiresUs({ callUs, ttlMs }: Operation): number {
  return callUs + Math.round((ttlMs ?? 0) * 1000);
}
