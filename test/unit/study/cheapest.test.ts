import { describe, expect, test } from "vitest";
import { knownNames } from "../../../sim/cli/known.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { summaryOf } from "../../../sim/report/study/summary.ts";
import { type BoundVerdict, searchCheapest } from "../../../sim/study/cheapest.ts";
import { dominancesOf } from "../../../sim/study/dominance.ts";
import type { StudyReport, StudyRow } from "../../../sim/study/explore.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import type { Estimate } from "../../../sim/study/statistics.ts";
import { conditionName, type Study } from "../../../sim/study/study.ts";

function study(bound: string): Study {
  const text = `name: s
story: Why.
policies: [abd, quorum]
faults: { none: [], crash: [{ kind: crash }] }
measures: [messages, ${bound.split(" ")[0]}]
bounds: ["${bound}"]
`;
  const loaded = loadStudy(text, "s.yaml", knownNames);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.value;
}

const NOTHING: Estimate = { value: null, low: Number.NaN, high: Number.NaN };
const about = (value: number, half: number): Estimate => ({ value, low: value - half, high: value + half });

/** A row for each policy under each condition; of each, messages and what the bound is about. */
function rowsOf(
  { candidates, conditions }: Study,
  estimateOf: (policy: string, faults: string) => Estimate,
  failedCountOf: (policy: string) => number = () => 0,
): StudyRow[] {
  return conditions.flatMap((condition) =>
    candidates.map(({ name, policy, setting }): StudyRow => {
      const { cluster, network, faults, workload } = condition;
      const count = failedCountOf(name);
      return {
        condition: conditionName(condition),
        parts: { cluster, network, faults, workload },
        policy: name,
        ranAs: { policy, setting, under: conditionName(condition) },
        estimates: [about(name === "abd" ? 12 : 8, 0.1), estimateOf(name, faults)],
        differences: [],
        broken: [],
        failed: { count, first: count === 0 ? null : { seed: 3, why: "it threw" } },
        curves: { hits: [], staleHits: [], called: [], answered: [], found: [], foundStale: [], faulty: [] },
        readMs: [],
        writeMs: [],
      };
    }),
  );
}

const judge = (bound: string, ...rest: [Parameters<typeof rowsOf>[1], Parameters<typeof rowsOf>[2]?]) => {
  const asked = study(bound);
  return searchCheapest(asked, rowsOf(asked, ...rest));
};
const eliminations = ({ candidates }: BoundVerdict) => candidates.map(({ eliminatedBy }) => eliminatedBy);

describe("the cheapest that meets all bounds", () => {
  test("is found among those whose intervals meet them", () => {
    const verdict = judge("read-p99 < 20ms", (policy) => about(policy === "abd" ? 15 : 18, 3));
    expect(verdict.cheapest).toBe("abd");
    expect(eliminations(verdict)).toMatchObject([null, { bound: "read-p99 < 20ms", isCertain: false }]);
  });

  test("is not out for certain while its interval reaches the bound", () => {
    const verdict = judge("read-p99 < 20ms", (policy) => about(policy === "abd" ? 21 : 30, 3));
    expect(eliminations(verdict)).toMatchObject([{ isCertain: false }, { isCertain: true }]);
  });

  test("is not known while all samples may lie below the quantile", () => {
    const verdict = judge("read-p99 < 20ms", () => ({ ...about(10, 1), isOpen: true }));
    expect(eliminations(verdict)).toMatchObject([{ isCertain: false }, { isCertain: false }]);
    expect(judge("read-p99 > 5ms", () => ({ ...about(10, 1), isOpen: true })).cheapest).toBe("quorum");
  });

  test("may have nothing to measure where that is best, and only there", () => {
    expect(judge("stale-age-p99 < 50ms", () => NOTHING).cheapest).toBe("quorum");
    expect(eliminations(judge("read-p99 < 50ms", () => NOTHING))).toMatchObject([{ value: null }, {}]);
  });

  test("is not judged under conditions that cannot have what is measured", () => {
    const outage = (_policy: string, faults: string) => (faults === "crash" ? about(900, 50) : NOTHING);
    expect(judge("read-outage < 3s", outage).cheapest).toBe("quorum");
    expect(eliminations(judge("read-outage < 500ms", outage))).toMatchObject([
      { condition: "crash", isCertain: true },
      { condition: "crash", isCertain: true },
    ]);
  });

  test("has finished all of its runs", () => {
    const verdict = judge(
      "read-p99 < 50ms",
      () => about(10, 1),
      (policy) => (policy === "quorum" ? 2 : 0),
    );
    expect(verdict.cheapest).toBe("abd");
    expect(eliminations(verdict)).toMatchObject([null, { bound: null, value: 2 }]);
  });
});

function reportOf(
  bound: string,
  ...rest: [Parameters<typeof rowsOf>[1], Parameters<typeof rowsOf>[2]?]
): StudyReport {
  const asked = study(bound);
  const rows = rowsOf(asked, ...rest);
  return {
    name: asked.name,
    story: asked.story,
    baseline: asked.baseline,
    seeds: 100,
    isInterrupted: false,
    policies: asked.candidates.map(({ name }) => name),
    conditions: asked.conditions.map(conditionName),
    measures: asked.measures,
    rows,
    precision: null,
    search: searchCheapest(asked, rows),
  };
}
const sentences = (report: StudyReport): string[] => summaryOf(report, dominancesOf(report));

describe("who dominates whom", () => {
  test("is not decided by a latency that seems a little worse", () => {
    const report = reportOf("read-p99 < 50ms", (policy) => about(policy === "abd" ? 12.2 : 12.3, 0.4));
    expect(sentences(report)[0]).toBe(
      "abd is dominated by quorum: worse by messages, and better by nothing that the intervals tell, under any condition.",
    );
  });

  test("is decided by a share that seems a little worse", () => {
    const report = reportOf("stale-hits < 5%", (policy) => about(policy === "abd" ? 0.001 : 0.002, 0.01));
    expect(sentences(report)[0]).toBe("No policy is dominated.");
  });

  test("is told condition by condition where it is not so under all", () => {
    const report = reportOf("read-p99 < 50ms", (policy, faults) =>
      about(policy === "quorum" && faults === "crash" ? 40 : 10, 1),
    );
    expect(sentences(report)[0]).toBe("Under none alone, abd is dominated by quorum.");
  });

  test("is nobody who could not finish, and that is said", () => {
    const report = reportOf(
      "read-p99 < 50ms",
      () => about(10, 1),
      (policy) => (policy === "quorum" ? 2 : 0),
    );
    const told = sentences(report).join("\n");
    expect(told).toContain("quorum could not finish 2 runs (none), first of seed 3: it threw.");
    expect(told).toContain("No policy is dominated.");
    expect(told).toContain("quorum is out: it could not finish 2 runs (none).");
  });
});
