import type { LifeAccount, Tally } from "../../run/accounts.ts";
import type { Operation } from "../../run/history.ts";
import type { Invariant, RunRecord, Violation } from "../../run/invariant.ts";
import { isAnswered } from "../answered.ts";
import { counted, listed } from "../wording.ts";

/**
 * What a machine counts of its own doing is what it did, by two accounts:
 * 1. *its journal*: in each life, a tally is what the entries tell of that it names;
 * 2. *its clients*: over all lives of a machine, a tally is the number of operations that it answered so. Operations
 *    that it may have done without anybody hearing of it (the client gave up, the machine crashed, the run ended) may
 *    be counted or not.
 *
 * A life is looked at when it ends, in a crash or with the run. Systems name their own tallies; see `Tally`.
 *
 * One violation for each tally that is wrong: by life, then by machine. There is no certificate: a count says how many
 * are missing, not which.
 */
export const statisticsAddUp: Invariant = {
  name: "statistics-add-up",
  summary: "What each machine counts is what its journal tells and what its clients were answered.",
  check: (run) => [...run.accounts.flatMap(checkLife), ...checkClients(run)],
};

function checkLife({ machine, incarnation, tallies, told }: LifeAccount): Violation[] {
  return tallies.flatMap(({ name, count, entries }) => {
    if (entries === undefined) return [];
    const journalled = entries.reduce((sum, type) => sum + (told.get(type) ?? 0), 0);
    if (count === journalled) return [];
    return violation(
      `${machine}, in life ${incarnation}, counted ${count} ${name}, but its journal tells of ${journalled}`,
      entries.map((type) => `${type}: ${told.get(type) ?? 0}.`),
    );
  });
}

interface Expected {
  readonly name: string;
  readonly answers: NonNullable<Tally["answers"]>;
  count: number;
}

function checkClients({ accounts, history }: RunRecord): Violation[] {
  const byMachine = new Map<string, Map<string, Expected>>();
  for (const { machine, tallies } of accounts) {
    const expected = byMachine.get(machine) ?? new Map<string, Expected>();
    byMachine.set(machine, expected);
    for (const { name, count, answers } of tallies) {
      if (answers === undefined) continue;
      const sum = expected.get(name);
      if (sum === undefined) expected.set(name, { name, answers, count });
      else sum.count += count;
    }
  }
  if (byMachine.size === 0) return [];
  const operations = new Map<string, Operation[]>();
  for (const operation of history) {
    const list = operations.get(operation.machine);
    if (list === undefined) operations.set(operation.machine, [operation]);
    else list.push(operation);
  }
  return [...byMachine].flatMap(([machine, expected]) =>
    [...expected.values()].flatMap((each) => compare(machine, each, operations.get(machine) ?? [])),
  );
}

function compare(
  machine: string,
  { name, count, answers }: Expected,
  operations: readonly Operation[],
): Violation[] {
  const { kinds, counts } = answers;
  let certain = 0;
  let possible = 0;
  for (const operation of operations) {
    if (!kinds.includes(operation.kind)) continue;
    const isCounted = isAnswered(operation) ? counts(operation) : "perhaps";
    if (isCounted === "perhaps") possible++;
    else if (isCounted) certain++;
  }
  if (certain <= count && count <= certain + possible) return [];
  return violation(`${machine} counted ${count} ${name}, but gave its clients ${certain}`, [
    `${counted(possible, "operation")} (${listed([...kinds])}) ended without an answer that tells, and may be counted besides.`,
  ]);
}

function violation(summary: string, notes: readonly string[]): Violation[] {
  return [{ invariant: "statistics-add-up", key: null, summary, operations: [], notes }];
}
