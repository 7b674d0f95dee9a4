import type { Dialect } from "./formats/history-format.ts";
import { HistoryProblem } from "./formats/history-problem.ts";
import type { Data, RecordedHistory, RecordedOperation } from "./formats/recorded-history.ts";
import type { Model } from "./models/model.ts";
import { findRegisterConflict, type MissMode } from "./register/register-check.ts";
import { withEvidence } from "./register/register-evidence.ts";
import { type PreparedOperation, toRegisterHistory } from "./register/register-history.ts";
import { explainConflict, stalenessNotes } from "./register/explain-conflict.ts";
import { decide, STEPS_USUAL } from "./model-search/decide.ts";

export interface CheckHistoryOptions {
  readonly model: Model;
  readonly dialect: Dialect;
  /** What each object is in the beginning; without it what the format or else the model says. */
  readonly initial?: Data | undefined;
  /** Budget of the search of each key; see `STEPS_USUAL`. */
  readonly stepsMax?: number | undefined;
  /** What a read of nothing says; `strict` without it. Other modes need unique values. */
  readonly misses?: MissMode | undefined;
  /** Instead of what the history says of its clocks. */
  readonly clockSkewMs?: number | undefined;
}

/** - `unknown`: the budget was used up; never to be taken for `linearizable`. */
export type HistoryVerdict = "linearizable" | "violation" | "unknown";

/** Why a key is not known to be right. */
export interface HistoryFinding {
  readonly verdict: Exclude<HistoryVerdict, "linearizable">;
  readonly key: string | null;
  /** One sentence. */
  readonly summary: string;
  /** The certificate of a violation: operations that cannot all be right. In the order of their calls. */
  readonly operations: readonly RecordedOperation[];
  /** Further facts a reader needs, one sentence each. */
  readonly notes: readonly string[];
}

export interface HistoryReport {
  readonly verdict: HistoryVerdict;
  readonly operationCount: number;
  readonly keyCount: number;
  /** How many keys were judged by the zones of their clusters, and how many by a search. */
  readonly zoneKeys: number;
  readonly searchedKeys: number;
  /** Transitions tried by searches. */
  readonly steps: number;
  /** At most one for each key, violations first. */
  readonly findings: readonly HistoryFinding[];
}

/**
 * Whether a recorded history is linearizable, key by key. A register whose written values are unique is judged by zones
 * in O(n log n); everything else by a search within a budget.
 *
 * @throws HistoryProblem when the history has something that the model does not know
 */
export function checkHistory(history: RecordedHistory, options: CheckHistoryOptions): HistoryReport {
  const { model, dialect } = options;
  const initial = options.initial === undefined ? dialect.initial[model.name] : options.initial;
  const findings: HistoryFinding[] = [];
  let zoneKeys = 0;
  let steps = 0;
  const objects = byObject(history.operations);
  for (const [key, operations] of objects) {
    const prepared = operations.flatMap((recorded): PreparedOperation[] => {
      const call = model.prepare(recorded, dialect);
      return call === null ? [] : [{ recorded, call }];
    });
    const zones = checkZones(prepared, initial ?? null, history, options);
    if (zones !== undefined) zoneKeys++;
    const searched = zones === undefined ? search(key, prepared, initial, options) : null;
    steps += searched?.steps ?? 0;
    const finding = zones === undefined ? searched?.finding : zones && { ...zones, key };
    if (finding) findings.push(finding);
  }
  findings.sort((a, b) => Number(a.verdict === "unknown") - Number(b.verdict === "unknown"));
  return {
    verdict: findings[0]?.verdict ?? "linearizable",
    operationCount: history.operations.length,
    keyCount: objects.size,
    zoneKeys,
    searchedKeys: objects.size - zoneKeys,
    steps,
    findings,
  };
}

/** Each key in the order of its first operation. */
function byObject(
  operations: readonly RecordedOperation[],
): ReadonlyMap<string | null, readonly RecordedOperation[]> {
  const objects = new Map<string | null, RecordedOperation[]>();
  for (const operation of operations) {
    const own = objects.get(operation.key);
    if (own === undefined) objects.set(operation.key, [operation]);
    else own.push(operation);
  }
  return objects;
}

/** Null when the key is right, undefined when zones cannot judge it. */
function checkZones(
  prepared: readonly PreparedOperation[],
  initial: Data,
  history: RecordedHistory,
  { model, misses, clockSkewMs }: CheckHistoryOptions,
): Omit<HistoryFinding, "key"> | null | undefined {
  const register = model.isRegister ? toRegisterHistory(prepared, initial) : null;
  if (register === null) {
    const limited = prepared.find(({ recorded }) => recorded.ttlMs !== undefined)?.recorded;
    if (limited === undefined && (misses ?? "strict") === "strict") return undefined;
    throw new HistoryProblem(
      limited?.line ?? 1,
      "times to live and misses that may be evictions can only be judged in a register whose written values are " +
        "unique, without failed compare-and-sets",
    );
  }
  const skewMs = clockSkewMs ?? history.clockSkewMs ?? 0;
  const conflict = findRegisterConflict(
    register.operations,
    misses ?? "strict",
    Math.round(2 * skewMs * 1000),
  );
  if (conflict === null) return null;
  const explanation = explainConflict(conflict, register.recordedOf);
  return {
    verdict: "violation",
    summary: explanation.summary,
    operations: withEvidence(explanation.operations, prepared),
    notes: [...explanation.notes, ...stalenessNotes(register.operations, register.recordedOf)],
  };
}

function search(
  key: string | null,
  prepared: readonly PreparedOperation[],
  initial: Data | undefined,
  { model, stepsMax }: CheckHistoryOptions,
): { readonly steps: number; readonly finding: HistoryFinding | null } {
  const automaton = model.start(initial);
  const operations = prepared.map(({ recorded, call }) => ({
    call: automaton.callNumber(call),
    callAt: recorded.callAt,
    returnAt: recorded.returnAt,
  }));
  const decision = decide({ automaton, operations }, stepsMax ?? STEPS_USUAL);
  const { steps } = decision;
  if (decision.kind === "linearizable") return { steps, finding: null };
  const { recorded: last } = prepared[decision.operation] as PreparedOperation;
  const open = prepared
    .map(({ recorded }) => recorded)
    .filter(({ callAt, returnAt }) => callAt < last.returnAt && returnAt >= last.returnAt);
  if (decision.kind === "unknown") {
    const summary =
      `not decided within ${steps} steps: at the return of the ${last.f} of line ${last.line} ` +
      `${decision.frontierSize} configurations were left, with ${open.length} operations open`;
    return {
      steps,
      finding: {
        verdict: "unknown",
        key,
        summary,
        operations: [last],
        notes: ["A larger budget may decide it."],
      },
    };
  }
  const states = decision.states.map((state) => automaton.describe(state));
  const summary =
    `the ${last.f} of line ${last.line} has no place: of all that may have happened before it returned, ` +
    "nothing makes its answer right";
  const notes = [
    `Until then the state may have been ${states.join(" or ")}${
      states.length < decision.stateCount ? ", and others" : ""
    }.`,
    `Shown are the operations that were open at that return, of which any may have happened before it.`,
  ];
  return { steps, finding: { verdict: "violation", key, summary, operations: open, notes } };
}
