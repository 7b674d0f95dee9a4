import { CLIENT_PATIENCE_MS } from "../run/clients.ts";
import type { AuditEvent, Invariant, RunRecord, Violation } from "../run/invariant.ts";
import { counted, time } from "./wording.ts";

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
      return [...livesOf(run).values()].flatMap((life) => checkLife(life, run, closedByUs));
    },
  };
}

export const auditComplete: Invariant = createAuditComplete();

interface Entries {
  readonly operation: string;
  readonly first: AuditEvent;
  starts: number;
  ends: number;
  isEndedFirst: boolean;
}

interface Life {
  readonly machine: string;
  readonly incarnation: number;
  readonly operations: Map<string, Entries>;
}

/** What each life of a machine wrote of each operation, in the order of first entries. */
function livesOf(run: RunRecord): Map<string, Life> {
  const lives = new Map<string, Life>();
  for (const event of run.audit) {
    const { machine, incarnation, operation, edge } = event;
    if (operation === null || edge === null) continue;
    const name = `${machine}@${incarnation}`;
    const life = lives.get(name) ?? { machine, incarnation, operations: new Map<string, Entries>() };
    lives.set(name, life);
    let entries = life.operations.get(operation);
    if (entries === undefined) {
      entries = { operation, first: event, starts: 0, ends: 0, isEndedFirst: edge === "end" };
      life.operations.set(operation, entries);
    }
    if (edge === "start") entries.starts++;
    else entries.ends++;
  }
  return lives;
}

function checkLife(life: Life, run: RunRecord, closedByUs: number): Violation[] {
  const isCrashed = run.crashedAtUs.has(`${life.machine}@${life.incarnation}`);
  const failures = new Map<string, Entries[]>();
  for (const entries of life.operations.values()) {
    const failure = failureOf(entries);
    if (failure === null) continue;
    if (failure === NEVER_ENDED && (isCrashed || entries.first.atUs > closedByUs)) continue;
    const group = failures.get(failure) ?? [];
    group.push(entries);
    failures.set(failure, group);
  }
  return [...failures].map(([failure, group]) => describe(life, failure, group));
}

const NEVER_ENDED = "started but never ended";

function failureOf({ starts, ends, isEndedFirst }: Entries): string | null {
  if (starts === 0) return "ended but never started";
  if (isEndedFirst) return "ended before they started";
  if (starts > 1) return "started more than once";
  if (ends === 0) return NEVER_ENDED;
  return ends > 1 ? "ended more than once" : null;
}

function describe({ machine, incarnation }: Life, failure: string, group: readonly Entries[]): Violation {
  const shown = group.slice(0, SHOWN_MAX);
  const { operation, first } = shown[0] as Entries;
  return {
    invariant: "audit-complete",
    key: null,
    summary:
      `In the journal of ${machine}, life ${incarnation}, ${counted(group.length, "operation")} ${failure}; ` +
      `the first is ${operation}, with ${first.type} at ${time(first.atUs)}`,
    operations: [],
    notes: shown.map(
      (entries) =>
        `${entries.operation}: ${counted(entries.starts, "start")}, ${counted(entries.ends, "end")}, ` +
        `first entry ${entries.first.type} at ${time(entries.first.atUs)}.`,
    ),
  };
}
