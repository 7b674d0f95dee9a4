import { describe, expect, test } from "vitest";
import { harness, knownNames } from "../../../sim/cli/known.ts";
import { plainStyle } from "../../../sim/report/style.ts";
import { studyCsv, studyJson, studyMarkdown } from "../../../sim/report/study/exports.ts";
import { studyPage } from "../../../sim/report/study/page.ts";
import { renderStudy } from "../../../sim/report/study/table.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { dominancesOf } from "../../../sim/study/dominance.ts";
import { explore, NothingToReportError, type StudyReport } from "../../../sim/study/explore.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import type { StudyPool } from "../../../sim/study/pool.ts";
import { ONLY, type Study } from "../../../sim/study/study.ts";
import { performTask, type StudyTask, type StudyTaskResult } from "../../../sim/study/task.ts";

function study(changes: Partial<Study> = {}): Study {
  const text = `name: small
story: A <b>question</b>.
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 4, keys: 2 }
  phases: { safety: 1s, settle: 500ms, audit: 2s }
policies: [abd, quorum, seed]
networks:
  usual: { latency: { kind: lognormal, median: 2ms, p99: 20ms } }
faults:
  none: []
  partition: [{ kind: partition, count: 1, lasts: 200ms..500ms }]
measures: [read-p50, availability, stale-hits, lost-writes]
seeds: 2
bounds: [lost-writes = 0, "messages < 0.1"]
`;
  const loaded = loadStudy(text, "small.yaml", knownNames);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return { ...loaded.value, ...changes };
}

const ABD_ALONE = [{ name: "abd", policy: "abd", setting: ONLY }];

function localPool(slotCount: number): StudyPool<StudyTask, StudyTaskResult> {
  return { slotCount, perform: (task) => performTask(task, harness), close: async () => undefined };
}

describe("exploring", () => {
  let report: StudyReport;

  test("gives the same report whatever does the work", async () => {
    report = await explore(study(), { pool: localPool(1) });
    expect(await explore(study(), { pool: localPool(3) })).toEqual(report);
    expect(report.rows.map(({ condition, policy }) => `${condition}: ${policy}`)).toEqual([
      "usual, none: abd",
      "usual, none: quorum",
      "usual, none: seed",
      "usual, partition: abd",
      "usual, partition: quorum",
      "usual, partition: seed",
    ]);
  });

  test("compares runs that have all else in common", () => {
    const [abd, quorum, seed] = report.rows;
    expect(abd?.differences.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0]);
    const [own, base, paired] = [quorum?.estimates[0], abd?.estimates[0], quorum?.differences[0]];
    expect(paired?.value).toBeCloseTo((own?.value ?? 0) - (base?.value ?? 0));
    expect(seed?.broken.every(({ isPromised }) => !isPromised)).toBe(true);
    for (const { broken } of report.rows) expect(broken.filter(({ isPromised }) => isPromised)).toEqual([]);
  });

  test("names the bound that each policy does not meet", () => {
    const { cheapest, candidates = [] } = report.search ?? {};
    expect(cheapest).toBeNull();
    for (const { policy, eliminatedBy } of candidates) {
      const lost = report.rows
        .filter((row) => row.policy === policy)
        .map(({ estimates }) => estimates[3]?.value);
      const isLosing = lost.some((value) => value !== 0);
      expect(eliminatedBy?.bound).toBe(isLosing ? "lost-writes = 0" : "messages < 0.1");
    }
    expect(candidates).toHaveLength(3);
  });

  test("a bound is about the clusters, networks, faults and workloads that it names", async () => {
    const { conditions, ...rest } = study({ measures: ["messages"], candidates: ABD_ALONE });
    const [condition] = conditions;
    if (condition === undefined) throw new Error("no condition");
    for (const [within, isOut] of [
      ["few", true],
      ["many", false],
    ] as const) {
      const bound = {
        text: `messages < 0.1 in ${within}`,
        measure: "messages",
        operator: "<",
        limit: 0.1,
        within,
      } as const;
      const few = { ...rest, conditions: [{ ...condition, cluster: "few" }], bounds: [bound] };
      const { search } = await explore(few, { pool: localPool(1) });
      expect(search?.cheapest === null).toBe(isOut);
    }
  });

  test("ways to set the system are compared like policies, and the best of them is found", async () => {
    const text = `name: set
story: How soon is a silent primary given up?
scenario:
  cluster: { machines: 3 }
  workload: { clients: 3, operations: 30, keys: 4, mix: { get: 1, set: 1 } }
  phases: { safety: 8s, settle: 5s, audit: 2s }
  timing: { healthMs: 300ms }
settings:
  hasty: { thresholds: { suspectedAfter: 1 } }
  patient: { thresholds: { suspectedAfter: 20 } }
policies: [async-primary]
baseline: async-primary (patient)
networks:
  usual: { latency: { kind: lognormal, median: 1ms, p99: 5ms } }
faults: { crash: [{ kind: crash, count: 1, lasts: 5s..6s }] }
measures: [availability]
seeds: 12
bounds: ["availability > 95%"]
`;
    const loaded = loadStudy(text, "set.yaml", knownNames);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
    const { rows, policies, search } = await explore(loaded.value, { pool: localPool(1) });
    expect(policies).toEqual(["async-primary (hasty)", "async-primary (patient)"]);
    expect(rows.map(({ condition }) => condition)).toEqual(["usual, crash", "usual, crash"]);
    expect(rows[0]?.ranAs).toEqual({
      policy: "async-primary",
      setting: "hasty",
      under: "hasty, usual, crash",
    });
    expect(rows[0]?.differences[0]?.low).toBeGreaterThan(0.01);
    expect(rows[1]?.differences[0]).toMatchObject({ value: 0 });
    expect(search).toMatchObject({
      cheapest: "async-primary (hasty)",
      candidates: [
        { policy: "async-primary (hasty)", eliminatedBy: null },
        { policy: "async-primary (patient)", eliminatedBy: { bound: "availability > 95%", isCertain: true } },
      ],
    });
  });

  test("that is stopped keeps the seeds that every policy was run with, and says so", async () => {
    const all = await explore(study({ seeds: 10 }), { pool: localPool(1) });
    const stop = new AbortController();
    let left = 15;
    const pool = localPool(1);
    const counting: typeof pool = {
      ...pool,
      perform(task) {
        // Six tasks are one seed, the first two times, with every policy under every condition.
        if (--left === 0) stop.abort();
        return pool.perform(task);
      },
    };
    const partial = await explore(study({ seeds: 100 }), { pool: counting, signal: stop.signal });
    expect(partial).toMatchObject({ seeds: 2, isInterrupted: true });
    expect(partial.rows).toEqual((await explore(study({ seeds: 2 }), { pool: localPool(1) })).rows);
    expect(all.isInterrupted).toBe(false);
    expect(studyMarkdown(partial, "s.yaml")).toContain("Interrupted: this is what 2 seeds gave");
    await expect(explore(study(), { pool, signal: AbortSignal.abort() })).rejects.toThrow(
      NothingToReportError,
    );
  });

  test("a policy that only seems worse by something dominates nobody", () => {
    for (const { better, worse, condition } of dominancesOf(report)) {
      const valuesOf = (policy: string) =>
        report.rows.find((row) => row.policy === policy && row.condition === condition)?.estimates ?? [];
      const [, , staleOfBetter, lostOfBetter] = valuesOf(better);
      const [, , staleOfWorse, lostOfWorse] = valuesOf(worse);
      expect(staleOfBetter?.value).toBeLessThanOrEqual(staleOfWorse?.value ?? Infinity);
      expect(lostOfBetter?.value).toBeLessThanOrEqual(lostOfWorse?.value ?? Infinity);
    }
  });

  test("ends when the intervals are narrow enough, or says how far it got", async () => {
    const few = study({ precision: 1, measures: ["messages"], bounds: [], seeds: 25, candidates: ABD_ALONE });
    const [condition] = few.conditions;
    const wide = await explore(
      { ...few, conditions: condition === undefined ? [] : [condition] },
      { pool: localPool(1) },
    );
    expect(wide.seeds).toBe(25);
    expect(wide.precision).toMatchObject({ isReached: true });
    const text = renderStudy(await explore(study({ precision: 0.0001 }), { pool: localPool(1) }), "s.yaml", {
      width: 1000,
      style: plainStyle,
    }).join("\n");
    expect(text).toMatch(
      /The precision of 0\.01% was not reached with 2 seeds: the widest interval, that of .* is within/,
    );
  });

  test("is written as text, Markdown, CSV, JSON and a page that asks for nothing", () => {
    const lines = renderStudy(report, "s.yaml", { width: 100, style: plainStyle });
    expect(lines.join("\n")).toContain("No policy meets all bounds.");
    expect(studyMarkdown(report, "s.yaml")).toContain("| policy | read-p50 | availability |");
    const csv = studyCsv(report).trimEnd().split("\n");
    expect(csv).toHaveLength(1 + report.rows.length * report.measures.length);
    expect(csv[1]).toMatch(/^"usual, none",-,usual,none,-,abd,-,read-p50,[\d.]+,/);
    expect(JSON.parse(studyJson(report))).toMatchObject({ format: "cache-sim/study-report", seeds: 2 });
    const page = studyPage(report, { studyFile: "s.yaml", pageOf: () => null });
    expect(page).toContain("A &lt;b&gt;question&lt;/b&gt;.");
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    const rowCount = report.rows.length + report.rows.filter(({ broken }) => broken.length > 0).length;
    expect(page.match(/<th scope="row">/g)).toHaveLength(rowCount);
  });
});
