import type { Operation } from "../../run/history.ts";
import type { Invariant, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { expiryAllowanceUs } from "../operation-times.ts";
import { findRegisterConflict, type MissMode } from "../register/register-check.ts";
import type { RegisterOperation } from "../register/register-operation.ts";
import type { MissConflict } from "../register/register-misses.ts";
import { type Cluster, isForward, type RegisterConflict } from "../register/register-zones.ts";
import { listed, named, placed, quoted, time } from "../wording.ts";

export interface LinearizableOptions {
  /** `strict` without it. */
  readonly misses?: MissMode;
}

/**
 * Every key behaves as one register that holds a value or nothing: each operation can be given one moment
 * between its call and its end so that every get returns what the key held at its moment.
 *
 * - A failed write did not happen; whoever reads its value reads a value from nowhere.
 * - An indeterminate write happened at any time after its call, or never.
 * - A delete writes a tombstone of its own, which nobody reads as a value: a value that comes back is found.
 * - A hit of a value that should have expired is not judged here, but by `no-expired-hit`.
 * - If the plan lets clocks differ, a value may be missed by twice that much before its time to live is over.
 *
 * Exact for hits; for misses see register-misses.ts. Never a false alarm. At most one violation a key: the
 * first broken condition in the order thin air, read before write, two values at once, value came back, miss.
 */
export function createLinearizable({ misses = "strict" }: LinearizableOptions = {}): Invariant {
  return {
    name: "linearizable",
    dependsOnClocks: true,
    isPrefixClosed: true,
    summary: "Every key behaves as a single register: no stale, lost, resurrected or invented value.",
    check(run) {
      const allowanceUs = expiryAllowanceUs(run);
      const violations: Violation[] = [];
      for (const [key, operations] of byKey(run.history)) {
        const violation = checkKey(key, operations, misses, allowanceUs);
        if (violation !== null) violations.push(violation);
      }
      return violations;
    },
  };
}

export const linearizable: Invariant = createLinearizable();

function checkKey(
  key: string,
  operations: readonly Operation[],
  mode: MissMode,
  allowanceUs: number,
): Violation | null {
  const conflict = findRegisterConflict(operations, mode, allowanceUs);
  if (conflict === null) return null;
  return "condition" in conflict ? describeZones(key, conflict) : describeMisses(key, conflict);
}

function violation(
  key: string,
  summary: string,
  operations: readonly Operation[],
  notes: readonly string[],
): Violation {
  return { invariant: "linearizable", key, summary, operations, notes };
}

function describeZones(key: string, { condition, clusters, operations }: RegisterConflict): Violation {
  const [first, second] = clusters;
  if (CHAINS[condition] !== undefined) return describeChain(key, CHAINS[condition], operations);
  if (first === undefined) {
    const read = operations.find(({ kind }) => kind === "get");
    if (read === undefined) return describeChain(key, "replaced a value that nobody wrote", operations);
    const failed = operations.find(({ kind }) => kind === "set");
    const origin =
      failed === undefined ? "which nobody wrote" : `though ${placed(failed)} failed to write it`;
    return violation(
      key,
      `${placed(read)} found ${content(read)} in ${quoted(key)}, ${origin}`,
      operations,
      [],
    );
  }
  if (second === undefined) {
    const read = operations.find(({ kind }) => kind === "get") as Operation;
    const summary =
      `${placed(read)} found ${content(read)} in ${quoted(key)} before ` +
      `${named(first.write)} was called to write it at ${time(first.write.callUs)}`;
    return violation(key, summary, operations, []);
  }
  const notes = [held(first), held(second)];
  if (condition === "two-values-at-once") {
    const summary = `${quoted(key)} held two values at once: ${span(first)}, and ${span(second)}`;
    return violation(key, summary, operations, notes);
  }
  const summary =
    `${content(first.write)} came back in ${quoted(key)}: it was there by ${time(first.earliestEndUs)}, ` +
    `then ${named(second.write)} ${effect(second.write)}, yet ${placed(first.latestCall)} still found it`;
  return violation(key, summary, operations, notes);
}

/** What is wrong with compare-and-sets alone; see `register-chains.ts`. */
const CHAINS: Readonly<Partial<Record<RegisterConflict["condition"], string>>> = {
  "replaced-twice": "both replaced the same value, which only one can have found",
  "replaced-in-a-circle": "replaced each other's values in a circle, so that none can have been first",
  "replaced-too-early": "cannot all be right: a value had been replaced before it was last there",
};

function describeChain(key: string, what: string, operations: readonly RegisterOperation[]): Violation {
  const swaps = operations.filter(({ kind, replaces }) => kind === "set" && replaces !== undefined);
  const notes = swaps.map(
    (swap) => `${named(swap)} replaced ${quoted(swap.replaces ?? "")} by ${content(swap)}.`,
  );
  return violation(key, `${listed(swaps.map(placed))} of ${quoted(key)} ${what}`, operations, notes);
}

function describeMisses(key: string, { misses, sources, removed, operations }: MissConflict): Violation {
  const notes = removed.map(held);
  const miss = misses[0] as Operation;
  const before = removed[0] as Cluster;
  if (misses.length > 1) {
    const summary =
      `${listed(misses.map(named))} found nothing in ${quoted(key)}, each after another value had been there, ` +
      `but only ${listed(sources.map(remover))} can have removed one`;
    return violation(key, summary, operations, notes);
  }
  const isStillRead = before.latestCallUs > miss.returnUs;
  const reason = isStillRead
    ? `${named(before.latestCall)} found it later, at ${time(before.latestCallUs)}`
    : "nothing can have removed it: no delete, no expiry";
  const summary =
    `${placed(miss)} found nothing in ${quoted(key)}, although ${content(before.write)} was there by ` +
    `${time(before.earliestEndUs)} and ${reason}`;
  return violation(key, summary, operations, notes);
}

/** The value that a set wrote or a get returned, as a sentence names it. */
function content({ value }: Operation): string {
  return value === null ? "nothing" : quoted(value);
}

/** What a write did to the key. */
function effect(write: Operation): string {
  if (write.kind === "set") return `wrote ${content(write)}`;
  return write.kind === "delete" ? "removed it" : "found nothing";
}

function span({ write, earliestEndUs, latestCallUs }: Cluster): string {
  return `${content(write)} from ${time(earliestEndUs)} to ${time(latestCallUs)}`;
}

function remover(source: Operation): string {
  return source.kind === "delete" ? named(source) : `${named(source)} (by expiring)`;
}

/** From when to when the operations of a cluster prove that its value was there. */
function held(cluster: Cluster): string {
  const { write, earliestEnd, earliestEndUs, latestCall, latestCallUs } = cluster;
  if (isForward(cluster)) {
    return (
      `The key held ${span(cluster)}: from the end of ${named(earliestEnd)} ` +
      `to the call of ${named(latestCall)}.`
    );
  }
  const moment =
    earliestEndUs === Number.POSITIVE_INFINITY
      ? `after ${time(latestCallUs)}`
      : `between ${time(latestCallUs)} and ${time(earliestEndUs)}`;
  return `At some moment ${moment}, ${named(write)} ${effect(write)}.`;
}
