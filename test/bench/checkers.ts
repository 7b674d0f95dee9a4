import { checkHistory } from "../../sim/check/check-history.ts";
import { formatByName, type HistoryFormat } from "../../sim/check/formats/history-format.ts";
import { placeByTime } from "../../sim/check/formats/place-by-time.ts";
import type { RecordedOperation } from "../../sim/check/formats/recorded-history.ts";
import { invariants } from "../../sim/check/index.ts";
import { linearizable } from "../../sim/check/invariants/linearizable.ts";
import { modelByName } from "../../sim/check/models/index.ts";
import type { Model } from "../../sim/check/models/model.ts";
import { checkRegister } from "../../sim/check/register/register-zones.ts";
import type { Operation } from "../../sim/run/history.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { run } from "../../sim/run/run.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { planOf, scenario } from "./end-to-end.ts";
import { figures, row } from "./measure.ts";

const CLIENTS = 10;
const ROUNDS = 7;

/** A right history: each client's operations take effect amid their intervals, one after the other. */
function rightHistory(count: number, keyCount: number): Operation[] {
  const values: (string | null)[] = Array.from({ length: keyCount }, () => null);
  let seed = 1;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  return Array.from({ length: count }, (_, index): Operation => {
    const client = index % CLIENTS;
    const key = draw(keyCount);
    const isWrite = draw(3) === 0;
    if (isWrite) values[key] = `v${index}`;
    const atUs = index * 10;
    return {
      id: `c${client}#${Math.floor(index / CLIENTS) + 1}`,
      client: `c${client}`,
      machine: "n1",
      kind: isWrite ? "set" : "get",
      key: `k${key}`,
      value: values[key] ?? null,
      ttlMs: null,
      callUs: atUs - draw(40),
      returnUs: atUs + draw(40),
      deadlineUs: atUs + 500_000,
      result: "ok",
      error: null,
    };
  });
}

/** What a check at least costs: putting calls and returns in order. */
function sortEvents(operations: readonly Operation[]): number {
  const times = new Float64Array(2 * operations.length);
  operations.forEach(({ callUs, returnUs }, index) => {
    times[2 * index] = callUs;
    times[2 * index + 1] = returnUs;
  });
  return times.sort()[0] ?? 0;
}

function time(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

function samples(work: () => unknown): number[] {
  return Array.from({ length: ROUNDS }, () => time(work));
}

function runRecord(plan: Plan, history: Operation[]) {
  return {
    plan,
    history,
    loads: [],
    audit: [],
    crashedAtUs: new Map<string, number>(),
    machines: [],
    owners: () => null,
    accounts: [],
    rejections: [],
    longJourneys: [],
    ownTimeUs: (_machine: string, fromUs: number, untilUs: number) => untilUs - fromUs,
    endUs: 0,
  };
}

function toRecorded(operations: readonly Operation[]): RecordedOperation[] {
  return placeByTime(
    operations.map(({ client, kind, key, value, callUs, returnUs, result }, index) => ({
      line: index + 1,
      process: client,
      f: kind === "get" ? "read" : "write",
      key,
      input: kind === "get" ? null : value,
      output: value,
      result,
      callAt: 0,
      returnAt: 0,
      callUs,
      returnUs,
    })),
  );
}

/** How fast the checkers are, and what share of a campaign they take. */
export async function checkers(print: (line?: string) => void): Promise<void> {
  print("Checkers");
  const one = rightHistory(100_000, 1);
  const check = samples(() => checkRegister(one));
  const sort = samples(() => sortEvents(one));
  print(row("  register, 100,000 operations, 10 clients, 1 key (< 100)", figures(check), "ms", 1));
  const ratio = figures(check.map((ms, index) => ms / (sort[index] ?? Number.NaN)));
  print(row("    of sorting the calls and returns as numbers (< 30)", ratio, "times", 1));

  const plan = planOf(scenario("calm"), 1, "abd");
  const many = runRecord(plan, rightHistory(1_000_000, 1000));
  const linear = Array.from({ length: 3 }, () => time(() => linearizable.check(many)));
  print(row("  linearizable, 1,000,000 operations, 1,000 keys (< 2,000)", figures(linear), "ms"));

  const { dialect } = formatByName("jsonl") as HistoryFormat;
  const recorded = toRecorded(rightHistory(100_000, 100));
  const options = { model: modelByName("kv") as Model, dialect };
  const searched = samples(() => checkHistory({ operations: recorded }, options));
  print(row("  search, 100,000 operations, 100 keys", figures(searched), "ms"));
  await share(print);
}

async function share(print: (line?: string) => void): Promise<void> {
  for (const name of ["calm", "partition-heal"]) {
    const from = scenario(name);
    const shares: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      let checkMs = 0;
      const timed = invariants.map((invariant) => ({
        ...invariant,
        check(record: Parameters<typeof invariant.check>[0]) {
          const startedMs = performance.now();
          const violations = invariant.check(record);
          checkMs += performance.now() - startedMs;
          return violations;
        },
      }));
      const startedMs = performance.now();
      for (let seed = 1; seed <= 60; seed++) {
        await run(planOf(from, seed, "abd"), { system: cacheSystem, invariants: timed });
      }
      shares.push((100 * checkMs) / (performance.now() - startedMs));
    }
    print(row(`  all invariants, of a campaign of ${name} (< 15)`, figures(shares), "%", 1));
  }
}
