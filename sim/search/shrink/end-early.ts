import type { Plan } from "../../run/plan.ts";
import type { Harness } from "../harness.ts";
import type { Attempts } from "./attempts.ts";

/**
 * Checks one invariant only, and ends the plan as soon as that is broken, if the invariant asks nothing of the end:
 * what is left then takes the least time to run.
 */
export async function endEarly(attempts: Attempts, { invariants }: Harness): Promise<void> {
  const { invariant } = attempts.violation;
  await attempts.attempt({ ...attempts.plan, invariants: [invariant] });
  if (invariants.find(({ name }) => name === invariant)?.isPrefixClosed !== true) return;
  const returns = attempts.violation.operations.map(({ returnUs }) => returnUs);
  const calls = attempts.violation.operations.map(({ callUs }) => callUs);
  const lastUs = Math.max(...returns.filter(Number.isFinite), ...calls);
  if (!Number.isFinite(lastUs)) return;
  for (const stepMs of [100, 10, 1]) {
    const endMs = Math.ceil((lastUs + 1) / 1000 / stepMs) * stepMs;
    if (endMs < attempts.plan.phases.endMs) await attempts.attempt(endedAt(attempts.plan, endMs));
  }
}

function endedAt(plan: Plan, endMs: number): Plan {
  const upTo = (ms: number): number => Math.min(ms, endMs);
  const { healMs, settleMs } = plan.phases;
  return {
    ...plan,
    operations: plan.operations.filter(({ atMs }) => atMs <= endMs),
    ...(plan.changes === undefined ? {} : { changes: plan.changes.filter(({ atMs }) => atMs <= endMs) }),
    faults: plan.faults
      .filter(({ startMs }) => startMs < endMs)
      .map((fault) => ({ ...fault, endMs: upTo(fault.endMs) })),
    phases: { healMs: upTo(healMs), settleMs: upTo(settleMs), endMs },
  };
}
