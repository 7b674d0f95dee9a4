import type { Operation } from "../../run/history.ts";
import type { Invariant, RunRecord, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { effectEndUs, expiresFromUs, expiryAllowanceUs } from "../operation-times.ts";
import { listed, placed, quoted } from "../wording.ts";

/**
 * When the run ends, each key is on as many machines as it should be: on all its owners that are up or, if the policy
 * has no fixed owners, on as many of the machines that are up as the plan's replication says. What they hold is the
 * business of `replicas-converge`.
 *
 * Only keys that certainly have a value: some acknowledged set that no delete and no expiry may have followed. A set
 * proves that if it was called last of all acknowledged ones, or not at all.
 */
export const replicationFactor: Invariant = {
  name: "replication-factor",
  dependsOnClocks: true,
  summary: "When the run ends, every key that has a value is held by as many machines as it should be.",
  check(run) {
    const holders = holdersByKey(run);
    const up = run.machines.filter(({ isUp }) => isUp).map(({ machine }) => machine);
    const allowanceUs = expiryAllowanceUs(run);
    const violations: Violation[] = [];
    for (const [key, operations] of byKey(run.history)) {
      const write = certainWrite(operations, run.endUs, allowanceUs);
      if (write === null) continue;
      const holding = holders.get(key) ?? new Set();
      const owners = run.owners(key)?.filter((owner) => up.includes(owner)) ?? null;
      const wanted = owners?.length ?? Math.min(run.plan.cluster.replication, up.length);
      const present = (owners ?? up).filter((machine) => holding.has(machine));
      if (present.length < wanted) violations.push(describe(key, write, present, wanted));
    }
    return violations;
  },
};

function holdersByKey({ machines }: RunRecord): ReadonlyMap<string, ReadonlySet<string>> {
  const holders = new Map<string, Set<string>>();
  for (const { machine, isUp, replicas } of machines) {
    if (!isUp) continue;
    for (const { key, value } of replicas) {
      if (value !== null) holders.set(key, (holders.get(key) ?? new Set()).add(machine));
    }
  }
  return holders;
}

/** The acknowledged set that was called last, if nothing may have removed a value since. */
function certainWrite(
  operations: readonly Operation[],
  endUs: number,
  allowanceUs: number,
): Operation | null {
  let last: Operation | null = null;
  for (const operation of operations) {
    const isWrite = operation.kind === "set" && operation.result === "ok";
    if (isWrite && (last === null || operation.callUs > last.callUs)) last = operation;
  }
  if (last === null) return null;
  const { callUs } = last;
  const mayBeAbsent = operations.some((operation) => {
    if (operation.kind === "get" || operation.result === "fail" || effectEndUs(operation) < callUs)
      return false;
    return operation.kind === "delete" || expiresFromUs(operation, allowanceUs) <= endUs;
  });
  return mayBeAbsent ? null : last;
}

function describe(key: string, write: Operation, present: readonly string[], wanted: number): Violation {
  const where = present.length === 0 ? "on no machine" : `only on ${listed(present)}`;
  return {
    invariant: "replication-factor",
    key,
    summary: `${quoted(key)} is ${where} when the run ends, but should be on ${wanted}`,
    operations: [write],
    notes: [`It has a value: ${placed(write)} was acknowledged, and nothing can have removed it since.`],
  };
}
