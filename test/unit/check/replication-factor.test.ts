import { describe, expect, test } from "vitest";
import { replicationFactor } from "../../../sim/check/invariants/replication-factor.ts";
import type { MachineEnd } from "../../../sim/run/invariant.ts";
import { history, record, type RecordParts } from "./history-builder.ts";

function machine(name: string, value: string | null | undefined, isUp = true): MachineEnd {
  const replicas = value === undefined ? [] : [{ key: "k", fingerprint: String(value), value }];
  return { machine: name, incarnation: 1, isUp, bootedAtUs: 0, replicas };
}

const OWNERS = ["n1", "n2", "n3"];
const all = [machine("n1", "a"), machine("n2", "a"), machine("n3", "a"), machine("n4", undefined)];
const twoOnly = [machine("n1", "a"), machine("n2", "a"), machine("n3", undefined), machine("n4", undefined)];

function check(lines: readonly string[], machines: readonly MachineEnd[], parts: RecordParts = {}): number {
  return replicationFactor.check(record(history(...lines), { machines, owners: () => OWNERS, ...parts }))
    .length;
}

describe("replication-factor", () => {
  test("finds an owner without a copy", () => {
    expect(check(["c1 set a 0..1"], all)).toBe(0);
    expect(check(["c1 set a 0..1"], twoOnly)).toBe(1);
    expect(check(["c1 set a 0..1"], [machine("n1", "a"), machine("n2", "a"), machine("n3", null)])).toBe(1);
  });

  test("finds a key that is nowhere", () => {
    const machines = OWNERS.map((name) => machine(name, undefined));
    const [violation] = replicationFactor.check(
      record(history("c1 set a 0..1"), { machines, owners: () => OWNERS }),
    );
    expect(violation).toMatchObject({
      key: "k",
      summary: '"k" is on no machine when the run ends, but should be on 3',
    });
  });

  test("without fixed owners any machines will do", () => {
    const elsewhere = [machine("n1", "a"), machine("n2", undefined), machine("n3", "b"), machine("n4", "a")];
    expect(check(["c1 set a 0..1"], elsewhere, { owners: () => null })).toBe(0);
    expect(check(["c1 set a 0..1"], twoOnly, { owners: () => null })).toBe(1);
    expect(check(["c1 set a 0..1"], twoOnly.slice(0, 2), { owners: () => null })).toBe(0);
  });

  test("asks nothing of machines that are down", () => {
    expect(
      check(["c1 set a 0..1"], [machine("n1", "a"), machine("n2", "a"), machine("n3", undefined, false)]),
    ).toBe(0);
  });

  test.each([
    [["c1 set a 0..1?"]],
    [["c1 set a 0..1", "c2 delete 2..3"]],
    [["c1 set a 0..1", "c2 delete 2..3?"]],
    [["c2 delete 0..1", "c1 set a 1..2"]],
    [["c1 set a 0..1 ttl=500"]],
    [["c1 set b 0..2 ttl=500", "c2 set a 1..3"]],
    [["c1 get - 0..1"]],
  ])("asks nothing of a key that may have no value: %s", (lines) => {
    expect(check(lines, twoOnly, { endMs: 1000 })).toBe(0);
  });

  test.each([
    [["c2 delete 0..1", "c1 set a 2..3"]],
    [["c1 set a 0..1", "c2 delete 2..3!"]],
    [["c1 set a 0..1 ttl=5000"]],
    [["c1 set b 0..1 ttl=500", "c2 set a 2..3"]],
  ])("asks for copies of what must be there: %s", (lines) => {
    expect(check(lines, twoOnly, { endMs: 1000 })).toBe(1);
  });
});
