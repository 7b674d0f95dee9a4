import { expect, test } from "vitest";
import { replicasConverge } from "../../../sim/check/invariants/replicas-converge.ts";
import type { MachineEnd, ReplicaEntry } from "../../../sim/run/invariant.ts";
import { history, record } from "./history-builder.ts";

/** `k=a` is value a under key k, `k=` a tombstone; the fingerprint is the value. */
function machine(name: string, ...entries: readonly string[]): MachineEnd {
  const replicas = entries.map((entry): ReplicaEntry => {
    const [key, value] = entry.split("=") as [string, string];
    return { key, fingerprint: `version of ${value}`, value: value === "" ? null : value };
  });
  return { machine: name, incarnation: 1, isUp: true, bootedAtUs: 0, replicas };
}

function down(end: MachineEnd): MachineEnd {
  return { ...end, isUp: false };
}

function check(owners: readonly string[] | null, ...machines: readonly MachineEnd[]) {
  const operations = history("c1 set a 0..1", "c2 set b 2..3?", "c3 set c 4..5", "c1 set old 6..7 ttl=100");
  return replicasConverge.check(record(operations, { machines, owners: () => owners }));
}

const OWNERS = ["n1", "n2", "n3"];

test("owners with equal records have converged", () => {
  expect(check(OWNERS, machine("n1", "k=a"), machine("n2", "k=a"), machine("n3", "k=a"))).toEqual([]);
  expect(check(OWNERS, machine("n1"), machine("n2"), machine("n3"))).toEqual([]);
});

test("owners with different records have not", () => {
  const [violation, ...others] = check(
    OWNERS,
    machine("n1", "k=a"),
    machine("n2", "k=b"),
    machine("n3", "k=a"),
  );
  expect(others).toEqual([]);
  expect(violation).toMatchObject({
    invariant: "replicas-converge",
    key: "k",
    summary: 'The copies of "k" differ when the run ends: n1 and n3 hold "a"; n2 holds "b"',
  });
  expect(violation?.operations.map(({ id }) => id)).toEqual(["c1#1", "c2#1"]);
  expect(violation?.notes).toContain('"b" was written by set c2#1 on n1 (2 ms to 3 ms): indeterminate.');
});

test("a key that is written to until the run ends is not judged", () => {
  const differ = [machine("n1", "k=a"), machine("n2", "k=b"), machine("n3", "k=a")];
  const outcomeOf = (...lines: readonly string[]) => {
    const run = record(history(...lines), { machines: differ, owners: () => OWNERS });
    const phases = { ...run.plan.phases, settleMs: 10 };
    return replicasConverge.check({ ...run, plan: { ...run.plan, phases } });
  };
  expect(outcomeOf("c1 set a 0..1", "c2 set b 8..10")).toHaveLength(1);
  expect(outcomeOf("c1 set a 0..1", "c2 set b 8..11")).toEqual([]);
  expect(outcomeOf("c1 set a 0..1", "c2 delete 11..12")).toEqual([]);
  // A read leaves the key as it is.
  expect(outcomeOf("c1 set a 0..1", "c2 set b 8..9", "c3 get a 11..12")).toHaveLength(1);
});

test("an owner without a record differs from one with a record or a tombstone", () => {
  expect(check(OWNERS, machine("n1", "k=a"), machine("n2"), machine("n3", "k=a"))[0]?.summary).toBe(
    'The copies of "k" differ when the run ends: n1 and n3 hold "a"; n2 holds nothing',
  );
  expect(check(OWNERS, machine("n1", "k="), machine("n2", "k="), machine("n3"))[0]?.summary).toBe(
    'The copies of "k" differ when the run ends: n1 and n2 hold a tombstone; n3 holds nothing',
  );
});

test("machines that are down or own nothing do not count", () => {
  expect(check(OWNERS, machine("n1", "k=a"), down(machine("n2", "k=b")), machine("n3", "k=a"))).toEqual([]);
  expect(check(["n1", "n3"], machine("n1", "k=a"), machine("n2", "k=b"), machine("n3", "k=a"))).toEqual([]);
});

test("a value that may have expired counts as no record", () => {
  expect(check(OWNERS, machine("n1", "k=old"), machine("n2"), machine("n3", "k=old"))).toEqual([]);
  expect(check(null, machine("n1", "k=old"), machine("n2", "k=a"))).toEqual([]);
  expect(check(OWNERS, machine("n1", "k=old"), machine("n2", "k=a"), machine("n3"))[0]?.summary).toBe(
    'The copies of "k" differ when the run ends: n1 and n3 hold nothing; n2 holds "a"',
  );
});

test("without owners only the machines that hold a copy count", () => {
  expect(check(null, machine("n1", "k=a"), machine("n2"), machine("n3", "k=a"))).toEqual([]);
  expect(check(null, machine("n1", "k=a"), machine("n2"), machine("n3", "k=b"))).toHaveLength(1);
});

test("one violation a key, in the order of the keys", () => {
  const violations = check(
    OWNERS,
    machine("n1", "z=a", "b=a", "m=c"),
    machine("n2", "m=c"),
    machine("n3", "m=c"),
  );
  expect(violations.map(({ key }) => key)).toEqual(["b", "z"]);
});
