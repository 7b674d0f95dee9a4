import { CLIENT_PATIENCE_MS } from "../../run/clients.ts";
import type { AuditedLife, OddOperation } from "../../run/audit-ledger.ts";
import type { Invariant, RunRecord, Violation } from "../../run/invariant.ts";
import { counted, time } from "../wording.ts";

export interface AuditCompleteOptions {
  /** How long after its deadline an operation may still be closed in the journal. */
  readonly allowanceMs?: number;
}

/** How many operations of one kind of failure a violation names. */
const SHOWN_MAX = 3;

/**
 * Each life of a machine has, in its journal, exactly one start and, later, exactly one end for each operation.
 * A missing end is excused when that life ended in a crash, or when the run ended before the start + the plan's
 * deadline + the allowance. Nothing excuses a second start, a second end, or an end without a start before it.
 *
 * One violation for each life and kind of failure, with the first few operations in its notes; in the order of
 * the lives' first entries. There is no certificate: a system numbers its operations as it likes.
 */
export function createAuditComplete({
  allowanceMs = CLIENT_PATIENCE_MS,
}: AuditCompleteOptions = {}): Invariant {
  return {
    name: "audit-complete",
    summary: "In each machine's journal every operation has exactly one start and exactly one end.",
    check(run) {
      const closedByUs = run.endUs - Math.round((run.plan.deadlineMs + allowanceMs) * 1000);
      return run.audit.flatMap((life) => checkLife(life, run, closedByUs));
    },
  };
}

export const auditComplete: Invariant = createAuditComplete();

function checkLife(life: AuditedLife, run: RunRecord, closedByUs: number): Violation[] {
  const isCrashed = run.crashedAtUs.has(`${life.machine}@${life.incarnation}`);
  const failures = new Map<string, OddOperation[]>();
  for (const odd of life.odd) {
    const failure = failureOf(odd);
    if (failure === NEVER_ENDED && (isCrashed || odd.first.atUs > closedByUs)) continue;
    const group = failures.get(failure) ?? [];
    group.push(odd);
    failures.set(failure, group);
  }
  return [...failures].map(([failure, group]) => describe(life, failure, group));
}

const NEVER_ENDED = "started but never ended";

function failureOf({ starts, ends, isEndedFirst }: OddOperation): string {
  if (starts === 0) return "ended but never started";
  if (isEndedFirst) return "ended before they started";
  if (starts > 1) return "started more than once";
  return ends === 0 ? NEVER_ENDED : "ended more than once";
}

function describe(
  { machine, incarnation }: AuditedLife,
  failure: string,
  group: readonly OddOperation[],
): Violation {
  const shown = group.slice(0, SHOWN_MAX);
  const { operation, first } = shown[0] as OddOperation;
  return {
    invariant: "audit-complete",
    key: null,
    summary:
      `In the journal of ${machine}, life ${incarnation}, ${counted(group.length, "operation")} ${failure}; ` +
      `the first is ${operation}, with ${first.type} at ${time(first.atUs)}`,
    operations: [],
    notes: shown.map(
      ({ operation: id, first: entry, starts, ends }) =>
        `${id}: ${counted(starts, "start")}, ${counted(ends, "end")}, ` +
        `${entry.type} at ${time(entry.atUs)}.`,
    ),
  };
}
