import type { Plan } from "../../run/plan.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import type { Attempts } from "./attempts.ts";
import { rounderNumbers } from "./round-numbers.ts";

/**
 * Moves everything towards early, round times. Idle stretches are cut first, for all that comes later at once. The
 * time to recover and the time after it stay as long as they are.
 */
export async function earlierTimes(attempts: Attempts): Promise<void> {
  await cutIdleTime(attempts);
  for (const stepMs of [100, 10, 1]) {
    const isRound = await attempts.attempt(
      withTimes(attempts.plan, (ms) => Math.floor(ms / stepMs) * stepMs),
    );
    if (isRound) break;
  }
  for (let index = 0; index < attempts.plan.operations.length; index++) {
    for (const field of ["atMs", "ttlMs"] as const) await roundField(attempts, index, field);
  }
}

/** What stands in a plan's timeline, in order: nothing begins or ends between two of these. */
export function momentsOf({ operations, faults, phases, changes = [] }: Plan): number[] {
  const moments = [
    phases.healMs,
    ...[...operations, ...changes].map(({ atMs }) => atMs),
    ...faults.flatMap(({ startMs, endMs }) => [startMs, endMs]),
  ];
  return [...new Set([0, ...moments])].sort((a, b) => a - b);
}

/** Shortens each stretch in which nothing begins or ends, to nothing or by half as often as it goes. */
async function cutIdleTime(attempts: Attempts): Promise<void> {
  for (let index = 1; index < momentsOf(attempts.plan).length; index++) {
    const gap = (): readonly [number, number] => {
      const moments = momentsOf(attempts.plan);
      return [moments[index - 1] ?? 0, moments[index] ?? 0];
    };
    for (let share = 1; share > 1 / 64;) {
      const [fromMs, toMs] = gap();
      const lengthMs = wholeMicros((toMs - fromMs) * share);
      if (lengthMs < 1) break;
      const isCut = await attempts.attempt(cut(attempts.plan, toMs, lengthMs));
      if (isCut && share === 1) break;
      if (!isCut) share /= 2;
    }
  }
}

/** Everything from `fromMs` on happens that much earlier. */
export function cut(plan: Plan, fromMs: number, lengthMs: number): Plan {
  return withTimes(plan, (ms) => (ms >= fromMs ? wholeMicros(ms - lengthMs) : ms));
}

/**
 * The phases move with the end of the faults. What lies between them is owed to the system, if anything is still to
 * come then; what lies behind the run's end has been cut already.
 */
export function withTimes(plan: Plan, move: (ms: number) => number): Plan {
  const { healMs, settleMs, endMs } = plan.phases;
  const hasEnded = endMs === healMs;
  const newHealMs = move(healMs);
  const [settlesAfterMs, endsAfterMs] = hasEnded ? [0, 0] : [settleMs - healMs, endMs - healMs];
  return {
    ...plan,
    operations: plan.operations.map((operation) => ({ ...operation, atMs: move(operation.atMs) })),
    ...(plan.changes === undefined
      ? {}
      : { changes: plan.changes.map((change) => ({ ...change, atMs: move(change.atMs) })) }),
    faults: plan.faults.map((fault) => ({
      ...fault,
      startMs: move(fault.startMs),
      endMs: move(fault.endMs),
    })),
    phases: {
      healMs: newHealMs,
      settleMs: wholeMicros(newHealMs + settlesAfterMs),
      endMs: wholeMicros(newHealMs + endsAfterMs),
    },
  };
}

async function roundField(attempts: Attempts, index: number, field: "atMs" | "ttlMs"): Promise<void> {
  const value = attempts.plan.operations[index]?.[field];
  if (value === undefined) return;
  for (const number of rounderNumbers(value)) {
    const { operations } = attempts.plan;
    const changed = operations.map((operation, each) =>
      each === index ? { ...operation, [field]: number } : operation,
    );
    if (await attempts.attempt({ ...attempts.plan, operations: changed })) return;
  }
}
