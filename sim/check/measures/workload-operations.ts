import type { Operation } from "../../run/history.ts";
import type { RunRecord } from "../../run/invariant.ts";

/**
 * The operations of the workload: those that were called before the system had to be settled. What comes later only
 * reads every key, to see what is left; it would count as calm, healthy traffic that nobody asked for.
 */
export function workloadOperations({ history, plan }: RunRecord): readonly Operation[] {
  const settleUs = Math.round(plan.phases.settleMs * 1000);
  return history.filter(({ callUs }) => callUs < settleUs);
}

/** The same run without the calls of a system of its own, which only that system's model can judge. */
export function withoutCalls(record: RunRecord): RunRecord {
  const isRegister = ({ kind }: Operation): boolean => kind !== "call";
  return record.history.every(isRegister)
    ? record
    : { ...record, history: record.history.filter(isRegister) };
}

export function isRead({ kind }: Operation): boolean {
  return kind === "get";
}

export function isAnswered({ result }: Operation): boolean {
  return result === "ok";
}
