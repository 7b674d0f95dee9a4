import { expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { createLinearizable, linearizable } from "../../../sim/check/invariants/linearizable.ts";
import type { Operation } from "../../../sim/run/history.ts";
import { certificateOf, record } from "./history-builder.ts";

/**
 * A hundred thousand operations on one key, ten at a time: rounds of sets, deletes, hits and misses, all of
 * them concurrent within a round. Anything quadratic here takes minutes.
 */
const ROUNDS = 10_000;
const ROUND_US = 1000;

function operation(round: number, client: number, kind: Operation["kind"], value: string | null): Operation {
  const callUs = round * ROUND_US + client;
  return {
    id: `c${client}#${round + 1}`,
    client: `c${client}`,
    machine: "n1",
    kind,
    key: "k",
    value,
    ttlMs: kind === "set" && client % 2 === 0 ? 1 : null,
    callUs,
    returnUs: callUs + ROUND_US - 20,
    deadlineUs: callUs + 500_000,
    result: "ok",
    error: null,
  };
}

const operations = Array.from({ length: ROUNDS }, (_, round) => [
  ...[0, 1, 2].map((client) => operation(round, client, "set", `c${client}:${round}`)),
  ...[3, 4].map((client) => operation(round, client, "delete", null)),
  ...[5, 6].map((client) => operation(round, client, "get", `c${client - 5}:${round}`)),
  ...[7, 8, 9].map((client) => operation(round, client, "get", null)),
]).flat();

test("a long history is judged by every invariant", () => {
  const run = record(operations, { settleMs: 1000 });
  expect(invariants.flatMap((invariant) => invariant.check(run))).toEqual([]);
  expect(createLinearizable({ misses: "evictable" }).check(run)).toEqual([]);
});

test("the one wrong miss at its end is found", () => {
  const last = [
    operation(ROUNDS, 1, "set", "last"),
    operation(ROUNDS + 1, 5, "get", "last"),
    operation(ROUNDS + 2, 7, "get", null),
  ];
  const violations = linearizable.check(record([...operations, ...last]));
  expect(certificateOf(violations)).toEqual(last.map(({ id }) => id));
});
