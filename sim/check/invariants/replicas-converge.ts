import type { Operation } from "../../run/history.ts";
import type { Invariant, MachineEnd, ReplicaEntry, Violation } from "../../run/invariant.ts";
import { byKey } from "../by-key.ts";
import { inTimeOrder } from "../certificate.ts";
import { expiresFromUs, expiryAllowanceUs } from "../operation-times.ts";
import { listed, placed, quoted } from "../wording.ts";

/**
 * When the run ends, the machines that are up agree on every key.
 *
 * If the policy says which machines own a key, then all its owners that are up hold equal records; an owner
 * without a record differs from one with a record, be it a tombstone. If no machine owns a key (`owners` gives
 * null), then all machines that hold a record of it hold equal ones. Equal means equal fingerprints.
 *
 * A value that may have expired when the run ended, by any machine's clock, counts as no record: each machine
 * clears away what has expired at a moment of its own. Example: n1 still holds a value that expired, n2 has cleared it: they agree. But if n2
 * holds an older value that lives on, they do not.
 *
 * A key that was still written to after all had to be settled is not judged: what came last may be under way.
 *
 * One violation a key, in the order of the keys. The certificate is the sets of the values that differ.
 */
export const replicasConverge: Invariant = {
  name: "replicas-converge",
  dependsOnClocks: true,
  dependsOnDelivery: true,
  summary: "When the run ends, all machines that should hold a key hold the same record of it.",
  check(run) {
    const up = run.machines.filter(({ isUp }) => isUp);
    const held = new Map<string, Map<string, ReplicaEntry>>();
    for (const { machine, replicas } of up) {
      for (const entry of replicas) {
        const copies = held.get(entry.key) ?? new Map<string, ReplicaEntry>();
        held.set(entry.key, copies.set(machine, entry));
      }
    }
    const allowanceUs = expiryAllowanceUs(run);
    const settleUs = Math.round(run.plan.phases.settleMs * 1000);
    const violations: Violation[] = [];
    let history: ReadonlyMap<string, readonly Operation[]> | null = null;
    for (const key of [...held.keys()].sort()) {
      const copies = held.get(key) as ReadonlyMap<string, ReplicaEntry>;
      const owners = run.owners(key);
      if (agree(statesOf(copies, up, owners))) continue;
      history ??= byKey(run.history);
      const operations = history.get(key) ?? [];
      if (operations.some((operation) => mayWriteAfter(settleUs, operation))) continue;
      const sets = operations.filter(({ kind }) => kind === "set");
      const states = statesOf(withoutExpired(copies, sets, run.endUs + allowanceUs), up, owners);
      if (!agree(states)) violations.push(describe(key, states, sets));
    }
    return violations;
  },
};

function mayWriteAfter(us: number, { kind, callUs, returnUs }: Operation): boolean {
  return kind !== "get" && (callUs > us || (Number.isFinite(returnUs) && returnUs > us));
}

interface State {
  readonly machine: string;
  /** Undefined where the machine holds nothing. */
  readonly entry: ReplicaEntry | undefined;
}

/** What each of the machines that count holds of a key. */
function statesOf(
  copies: ReadonlyMap<string, ReplicaEntry>,
  up: readonly MachineEnd[],
  owners: readonly string[] | null,
): State[] {
  const counts = owners === null ? copies : new Set(owners);
  return up
    .filter(({ machine }) => counts.has(machine))
    .map(({ machine }) => ({ machine, entry: copies.get(machine) }));
}

function agree(states: readonly State[]): boolean {
  return new Set(states.map(({ entry }) => entry?.fingerprint)).size <= 1;
}

/** The copies of a key, except those of values that may have expired by then. */
function withoutExpired(
  copies: ReadonlyMap<string, ReplicaEntry>,
  sets: readonly Operation[],
  us: number,
): ReadonlyMap<string, ReplicaEntry> {
  const expired = new Set<string | null>();
  for (const set of sets) if (expiresFromUs(set, 0) <= us) expired.add(set.value);
  return new Map([...copies].filter(([, { value }]) => !expired.has(value)));
}

function describe(key: string, states: readonly State[], sets: readonly Operation[]): Violation {
  const groups = new Map<string | undefined, { machines: string[]; entry: ReplicaEntry | undefined }>();
  for (const { machine, entry } of states) {
    const group = groups.get(entry?.fingerprint);
    if (group === undefined) groups.set(entry?.fingerprint, { machines: [machine], entry });
    else group.machines.push(machine);
  }
  const parts = [...groups.values()].map(
    ({ machines, entry }) =>
      `${listed(machines)} ${machines.length === 1 ? "holds" : "hold"} ${content(entry)}`,
  );
  const values = new Set([...groups.values()].map(({ entry }) => entry?.value));
  const writes = sets.filter(({ value }) => value !== null && values.has(value));
  return {
    invariant: "replicas-converge",
    key,
    summary: `The copies of ${quoted(key)} differ when the run ends: ${parts.join("; ")}`,
    operations: inTimeOrder(writes),
    notes: notesOn(writes, [...groups.values()]),
  };
}

function content(entry: ReplicaEntry | undefined): string {
  if (entry === undefined) return "nothing";
  return entry.value === null ? "a tombstone" : quoted(entry.value);
}

function notesOn(
  writes: readonly Operation[],
  groups: readonly { readonly machines: readonly string[]; readonly entry: ReplicaEntry | undefined }[],
): string[] {
  return [
    ...groups.map(({ machines, entry }) => {
      const record =
        entry === undefined
          ? "no record, or one that may have expired"
          : `the record ${quoted(entry.fingerprint)}`;
      return `${listed(machines)}: ${record}.`;
    }),
    ...writes.map(
      (write) => `${quoted(write.value ?? "")} was written by ${placed(write)}: ${write.result}.`,
    ),
  ];
}
