import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkBytes } from "../../../sim/check/check-bytes.ts";
import { recordedRun } from "../../../sim/check/formats/recorded-run.ts";
import { historyWriters } from "../../../sim/check/formats/write-history.ts";
import { linearizable } from "../../../sim/check/invariants/linearizable.ts";
import type { RunRecord } from "../../../sim/run/invariant.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { run } from "../../../sim/run/run.ts";
import { systems } from "../../../sim/systems/index.ts";

/** What is exported of a run and checked as anybody's history gets the verdict that the run gave it. */

const folder = fileURLToPath(new URL("../../determinism/plans/", import.meta.url));
const records = new Map<string, RunRecord>();
for (const file of readdirSync(folder)) {
  const plan = JSON.parse(readFileSync(folder + file, "utf8")) as Plan;
  const system = systems.find(({ name }) => name === plan.system);
  if (system === undefined) throw new Error(`${file} names the unknown system "${plan.system}"`);
  records.set(file, (await run(plan, { system, invariants: [] })).record);
}

describe.each(historyWriters)("golden plans, written as $name", ({ name, write }) => {
  test("are judged as by the run itself, key by key", async () => {
    const verdicts = { linearizable: 0, violation: 0, unknown: 0 };
    for (const [file, record] of records) {
      const isLimited = record.history.some(({ ttlMs }) => ttlMs !== null);
      // The log of Jepsen has no times to live, so that misses of what expired look wrong in it.
      if (name === "jepsen" && isLimited) continue;
      const text = [...write(recordedRun(record))].join("");
      const checked = await checkBytes([new TextEncoder().encode(text)], file, {
        clockSkewMs: name === "jsonl" ? undefined : record.plan.clockSkewMs,
      });
      if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join());
      const { report, format, model } = checked.value;
      expect({ file, format, model }).toEqual({ file, format: name, model: "register" });
      expect(report.operationCount).toBe(record.history.length);
      expect(report.searchedKeys).toBe(0);
      const wrongKeys = new Set(linearizable.check(record).map(({ key }) => key));
      expect({ file, keys: new Set(report.findings.map(({ key }) => key)) }).toEqual({
        file,
        keys: wrongKeys,
      });
      verdicts[report.verdict]++;
    }
    expect(verdicts.unknown).toBe(0);
    expect(verdicts.linearizable).toBeGreaterThan(2);
    expect(verdicts.violation).toBeGreaterThan(2);
  });
});
