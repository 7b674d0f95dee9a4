import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { harness, knownNames } from "../../../sim/cli/known.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { createRecordingReader } from "../../../sim/search/recordings.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { run } from "../../../sim/run/run.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { optionsFor, planOf } from "../../../sim/search/harness.ts";

const folder = mkdtempSync(join(tmpdir(), "recorded-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two hundred requests: every tenth writes, keys go round, and the second half is ten times as fast. */
const rows = Array.from({ length: 200 }, (_, i) => {
  const time = i < 100 ? i * 10 : 1000 + (i - 100);
  return `${time},${i % 10 === 0 ? "SET" : "get"},key ${i % 7}`;
});
writeFileSync(join(folder, "good.csv"), ["time,op,key", ...rows].join("\n"));

function loaded(workload: string): Scenario {
  const text = `name: s\nstory: Why.\ncluster: { machines: 3 }\nworkload: ${workload}\nfaults: []\n`;
  const scenario = loadScenario(text, join(folder, "s.yaml"), knownNames);
  if (!scenario.ok) throw new Error(scenario.problems.map(renderProblem).join("\n"));
  return scenario.value;
}

async function complete(workload: string): Promise<{ scenario: Scenario; remarks: string[] }> {
  const reader = createRecordingReader();
  const scenario = await reader.complete(loaded(workload), join(folder, "s.yaml"));
  return { scenario, remarks: reader.remarks() };
}

const BY_NAME = "columns: { time: time, operation: op, key: key }";
const FOUR_BY_FIVE = `{ clients: 4, operations: 5, trace: { file: good.csv, ${BY_NAME} } }`;

async function planAfter(workload: string, seed: number): Promise<Plan> {
  const { scenario } = await complete(workload);
  return planOf(harness, { scenario, policy: "abd" }, seed);
}

describe("clients that act after a recorded trace", () => {
  test("do its rows one after the other, in turn", async () => {
    const { operations, clients } = await planAfter(FOUR_BY_FIVE, 3);
    const own = operations.filter(({ client }) => !client.startsWith("audit"));
    expect(own).toHaveLength(20);
    expect(own.map(({ client }) => client)).toEqual(own.map((_, i) => `c${(i % 4) + 1}`));
    expect(clients).toHaveLength(4 + 3);
    const first = rows.findIndex((_, start) =>
      own.every(({ kind, key }, i) => rows[start + i]?.toLowerCase().endsWith(`,${kind},${key}`)),
    );
    expect(first).toBeGreaterThanOrEqual(0);
    // In proportion to the trace, and over the time in which clients act.
    const times = own.map((_, i) => Number(rows[first + i]?.split(",")[0]));
    const share = (all: number[], i: number): number =>
      ((all[i] ?? 0) - (all[0] ?? 0)) / ((all.at(-1) ?? 0) - (all[0] ?? 0));
    const at = own.map(({ atMs }) => atMs);
    for (const i of own.keys()) expect(share(at, i)).toBeCloseTo(share(times, i), 5);
    expect([at[0], at.at(-1)]).toEqual([0, 12_500]);
    // Whatever was asked for is read through every machine at the end, once.
    const audited = operations.filter(({ client }) => client === "audit-n1").map(({ key }) => key);
    expect(audited).toEqual([...new Set(own.map(({ key }) => key))]);
  });

  test("take another stretch for another seed, the same one for the same", async () => {
    const keysOf = async (seed: number) =>
      (await planAfter(FOUR_BY_FIVE, seed)).operations.map(({ key, kind }) => kind + key);
    expect(await keysOf(1)).toEqual(await keysOf(1));
    const all = await Promise.all([1, 2, 3, 4, 5].map(keysOf));
    expect(new Set(all.map(String)).size).toBeGreaterThan(2);
  });

  test("act in rounds, and by the mix, where the trace says neither when nor what", async () => {
    const workload =
      "{ clients: 4, operations: 5, mix: { set: 1 }, trace: { file: good.csv, header: true, columns: { key: 3 } } }";
    const { operations } = await planAfter(workload, 1);
    const own = operations.filter(({ client }) => !client.startsWith("audit"));
    expect(new Set(own.map(({ kind }) => kind))).toEqual(new Set(["set"]));
    expect(own.every(({ key }) => key.startsWith("key "))).toBe(true);
    expect(new Set(own.map(({ atMs }) => atMs)).size).toBe(20);
  });

  test("break nothing of a sound policy", async () => {
    const plan = await planAfter(FOUR_BY_FIVE, 5);
    const { violations } = await run(plan, optionsFor(harness, plan));
    expect(violations).toEqual([]);
  });

  test("need no trace for a plan that was drawn, and one for drawing", async () => {
    expect(() => planOf(harness, { scenario: loaded(FOUR_BY_FIVE), policy: "abd" }, 1)).toThrow(
      "good.csv has not been read",
    );
  });
});

describe("the file of a recorded trace", () => {
  const withFile = (file: string, more = ""): string =>
    `{ clients: 1, operations: 2, trace: { file: ${file}, ${BY_NAME}${more} } }`;
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const problemOf = async (workload: string): Promise<string> => {
    const error: unknown = await complete(workload).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).name).toBe("RecordingError");
    return (error as Error).message.replaceAll(`${folder}/`, "");
  };

  test("may be packed, have other names for operations, and other delimiters", async () => {
    const file = write("packed.csv.gz", gzipSync("2a|k1|5\n28|k2|6\n28|k1|6\n"));
    const trace = `{ file: ${file}, delimiter: "|", columns: { time: 3, operation: 1, key: 2 }, operations: { "28": get, 2A: set } }`;
    const { scenario, remarks } = await complete(`{ clients: 1, operations: 3, trace: ${trace} }`);
    expect(remarks).toEqual([]);
    expect(scenario.workload.trace?.recording).toEqual({
      count: 3,
      keys: ["k1", "k2"],
      keyOf: Uint32Array.of(0, 1, 0),
      kindOf: Uint8Array.of(1, 0, 0),
      times: Float64Array.of(5, 6, 6),
    });
  });

  test("is read as far as it is needed", async () => {
    const { scenario } = await complete(withFile("good.csv", ", rows: 7"));
    expect(scenario.workload.trace?.recording?.count).toBe(7);
  });

  test("may have some rows that say nothing: they are counted, and the first are shown", async () => {
    const wrong = ["x,get,k", "2000,got,k", "2000,get,", "5,get,k", "2000,get"];
    const file = write("some.csv", ["time,op,key", ...rows, ...wrong].join("\n"));
    const { remarks } = await complete(withFile(file));
    expect(remarks.map((line) => line.replaceAll(`${folder}/`, ""))).toEqual([
      'some.csv: 5 of 205 rows skipped, such as some.csv:202: expected a time, got "x"; ' +
        'some.csv:203: expected one of the operations get, read, set, write, put, add, replace, delete, remove, cas or touch, got "got"; did you mean "get"?; ' +
        "some.csv:204: expected a key of 1 to 1024 characters, got 0",
    ]);
  });

  test("is refused with its lines when it has other columns, or none", async () => {
    expect(
      await problemOf(`{ clients: 1, operations: 2, trace: { file: good.csv, columns: { key: kex } } }`),
    ).toBe('good.csv:1: expected one of the columns time, op or key, got "kex"; did you mean "key"?');
    const file = write("none.csv", "time,op,key\n1,get\n2,get\n3,get\n4,get\n");
    expect((await problemOf(withFile(file))).split("\n")).toEqual([
      "none.csv: 4 of the first 4 rows say nothing, so the columns are probably others:",
      "none.csv:2: 2 fields, and no key among them",
      "none.csv:3: 2 fields, and no key among them",
      "none.csv:4: 2 fields, and no key among them",
    ]);
    expect(await problemOf(withFile(write("empty.csv", "")))).toBe("empty.csv: no rows");
    expect(await problemOf(withFile(write("short.csv", "time,op,key\n1,get,k\n")))).toBe(
      "short.csv: 1 usable rows, and 2 operations in a run: let fewer clients do fewer of them",
    );
    expect(await problemOf(withFile(write("touch.csv", "time,op,key\n1,touch,k\n1,get,k\n")))).toMatch(
      /^touch\.csv: a touch needs a time to live/,
    );
  });

  test("is refused as soon as no further row could help", async () => {
    const file = write("junk.csv", ["time,op,key", ...rows, "x,y,z\n".repeat(1000)].join("\n"));
    const problem = await problemOf(withFile(file, ", rows: 290"));
    // Ninety rows are wanted besides the two hundred: 33 wrong ones are more than a tenth of 290 and 33.
    expect(problem.split("\n")[0]).toBe(
      "junk.csv: 33 of the first 233 rows say nothing, so the columns are probably others:",
    );
  });

  test("that is not there, no file, no gzip, or cut off, is told as such", async () => {
    expect(await problemOf(withFile("god.csv"))).toMatch(
      /^god\.csv: no such file: expected a recorded trace; did you mean/,
    );
    expect(await problemOf(withFile("."))).toMatch(/a directory: expected the file of a recorded trace$/);
    expect(await problemOf(withFile(write("plain.csv.gz", "time,op,key\n")))).toBe(
      "plain.csv.gz: damaged, or not packed by gzip",
    );
    const file = write(
      "cut.csv.gz",
      gzipSync(
        ["time,op,key", ...Array.from({ length: 500 }, (_, i) => `${i},get,k${(i * 7919) % 499}`)].join("\n"),
      ),
    );
    truncateSync(join(folder, file), 600);
    expect(await problemOf(withFile(file))).toBe("cut.csv.gz: cut off: its end is missing");
    const latin = write("latin.csv", Buffer.from("time,op,key\n1,get,k\xfc\n2,get,k\n", "latin1"));
    expect(await problemOf(withFile(latin))).toBe("latin.csv: not UTF-8 text: expected a recorded trace");
  });

  test("must fit what else the workload says", () => {
    const problemsOf = (workload: string): string => {
      try {
        loaded(workload);
        return "";
      } catch (error) {
        return (error as Error).message.replaceAll(`${folder}/`, "");
      }
    };
    expect(problemsOf(withFile("good.csv", ", rows: 1"))).toMatch(
      /^s\.yaml:4:\d+ workload\.trace\.rows: expected at least 2/,
    );
    expect(problemsOf(`{ think: 1ms..2ms, trace: { file: good.csv, ${BY_NAME} } }`)).toMatch(
      /workload\.think: clients act at the trace's times: take think out, or columns\.time/,
    );
    expect(
      problemsOf('{ trace: { file: good.csv, columns: { key: 1 }, operations: { "28": get } } }'),
    ).toMatch(/workload\.trace\.operations: say in columns\.operation where they are/);
    expect(problemsOf(`{ trace: { file: good.csv, delimiter: "'", columns: { key: 1 } } }`)).toBe("");
    expect(problemsOf(`{ trace: { file: good.csv, delimiter: '"', columns: { key: 1 } } }`)).toMatch(
      /workload\.trace\.delimiter: expected one character that is no quote and no line end, got/,
    );
    expect(problemsOf("{ trace: { file: good.csv, columns: { kye: 1 } } }")).toContain('did you mean "key"?');
  });
});
