import { CLIENT_PATIENCE_MS } from "../../run/clients.ts";
import { type Operation, REFUSABLE_KINDS, REFUSED } from "../../run/history.ts";
import type { Invariant, RunRecord, Violation } from "../../run/invariant.ts";
import { isGivenUp } from "../answered.ts";
import { compareByTime } from "../certificate.ts";
import { countBelow } from "../register/sorted-search.ts";
import { counted, placed, quoted, time } from "../wording.ts";

export interface OperationsEndOptions {
  /** How long after its deadline an answer may still come. */
  readonly allowanceMs?: number;
}

/** How many operations of one kind of failure a violation shows. */
const SHOWN_MAX = 3;

/**
 * Liveness, in two rules:
 * 1. *answered*: an operation has an answer of any kind by its deadline + the allowance. None means that it was
 *    open when the run ended, that its client gave up on it, or that the answer came later still.
 * 2. *recovered*: an operation called when the system must have settled ends `ok`, unless it is one that the policy
 *    refuses since it cannot do it at all.
 *
 * Excused from both are operations whose machine crashed while they ran, and operations that were open when
 * the run ended, if their time was not up. Excused from the first are those that found no machine up at all:
 * they were answered, by nobody. Excused from the first are also operations whose machine had, between call and
 * end, less time for itself than the deadline gives: it was paused, busy with what came before, or its clock is
 * slow. Nobody can answer on a machine that stands still. Excused from the second are operations for half of whose
 * time or more the network had a message under way that took that long: whatever waits behind it on its link, and
 * whoever needs it, can do nothing about it.
 *
 * One violation for each machine and kind of failure, with the first few operations as its certificate; in the
 * order of the first failures.
 */
export function createOperationsEnd({
  allowanceMs = CLIENT_PATIENCE_MS,
}: OperationsEndOptions = {}): Invariant {
  const allowanceUs = Math.round(allowanceMs * 1000);
  return {
    name: "operations-end",
    dependsOnDelivery: true,
    summary: "Every operation is answered by its deadline, and succeeds once the system has settled.",
    check(run) {
      const settleUs = Math.round(run.plan.phases.settleMs * 1000);
      const crashes = crashTimes(run);
      const failures = new Map<string, { kind: string; operations: Operation[] }>();
      for (const operation of [...run.history].sort(compareByTime)) {
        const { machine, callUs } = operation;
        const ownTimeUs = (untilUs: number): number =>
          machine === "none"
            ? untilUs - callUs
            : run.ownTimeUs(machine, callUs, Math.min(untilUs, run.endUs));
        const kind =
          failureOf(operation, allowanceUs, ownTimeUs) ?? shortfallOf(operation, settleUs, run.longJourneys);
        if (kind === null || isExcused(operation, run.endUs, allowanceUs, crashes)) continue;
        const group = `${operation.machine} ${kind}`;
        const failure = failures.get(group);
        if (failure === undefined) failures.set(group, { kind, operations: [operation] });
        else failure.operations.push(operation);
      }
      return [...failures.values()].map(({ kind, operations }) => describe(kind, operations));
    },
  };
}

export const operationsEnd: Invariant = createOperationsEnd();

/** What is wrong with an operation, as the end of "n1 left 3 operations ..."; null when nothing is. */
function failureOf(
  operation: Operation,
  allowanceUs: number,
  ownTimeUs: (untilUs: number) => number,
): string | null {
  const { returnUs, deadlineUs, callUs } = operation;
  const grantedUs = deadlineUs - callUs;
  if (returnUs === Number.POSITIVE_INFINITY || isGivenUp(operation)) {
    return ownTimeUs(returnUs) > grantedUs ? "without an answer" : null;
  }
  if (returnUs > deadlineUs + allowanceUs) {
    return ownTimeUs(returnUs) > grantedUs + allowanceUs ? "without an answer by the deadline" : null;
  }
  return null;
}

/** The same of an operation that was answered, but should have been so by a system that has settled. */
function shortfallOf(
  { kind, callUs, returnUs, deadlineUs, result, error }: Operation,
  settleUs: number,
  longJourneys: RunRecord["longJourneys"],
): string | null {
  // Asked for what the policy cannot do, it has said so.
  const isRefused = error === REFUSED && REFUSABLE_KINDS.has(kind);
  if (callUs < settleUs || result === "ok" || isRefused) return null;
  const isWithheld = longJourneys.some(
    ({ fromUs, untilUs }) =>
      Math.min(untilUs, returnUs) - Math.max(fromUs, callUs) >= (deadlineUs - callUs) / 2,
  );
  if (isWithheld) return null;
  return `${result === "fail" ? "failed" : "indeterminate"}${error === null ? "" : ` (${error})`} after the system had to be settled`;
}

function isExcused(
  operation: Operation,
  endUs: number,
  allowanceUs: number,
  crashes: ReadonlyMap<string, readonly number[]>,
): boolean {
  const { machine, callUs, returnUs, deadlineUs } = operation;
  const dueUs = deadlineUs + allowanceUs;
  if (returnUs === Number.POSITIVE_INFINITY && endUs < dueUs) return true;
  const times = crashes.get(machine) ?? [];
  const nextCrashUs = times[countBelow(times, callUs)];
  return nextCrashUs !== undefined && nextCrashUs <= Math.min(returnUs, dueUs);
}

/** When each machine crashed, in ascending order. */
function crashTimes(run: RunRecord): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const [life, us] of run.crashedAtUs) {
    const machine = life.slice(0, life.lastIndexOf("@"));
    const list = times.get(machine) ?? [];
    list.push(us);
    times.set(machine, list);
  }
  for (const list of times.values()) list.sort((a, b) => a - b);
  return times;
}

function describe(kind: string, operations: readonly Operation[]): Violation {
  const first = operations[0] as Operation;
  const place =
    first.machine === "none"
      ? `No machine was up for ${counted(operations.length, "operation")}: `
      : `${first.machine} left ${counted(operations.length, "operation")} ${kind}; the first was `;
  return {
    invariant: "operations-end",
    key: null,
    summary: `${place}${placed(first)} of ${quoted(first.key)}, due by ${time(first.deadlineUs)}`,
    operations: operations.slice(0, SHOWN_MAX),
    notes: operations.length > SHOWN_MAX ? [`The first ${SHOWN_MAX} of ${operations.length} are shown.`] : [],
  };
}
