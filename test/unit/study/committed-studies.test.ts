import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { harness, knownNames } from "../../../sim/cli/known.ts";
import { explore, type StudyReport } from "../../../sim/study/explore.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import { performTask } from "../../../sim/study/task.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const CHECKED = ["expiry-and-clocks", "ttl-modes"];

test.each(CHECKED)(
  "the figures of %s still come out: otherwise `npm run studies`, and look why",
  async (name) => {
    const loaded = loadStudy(readFileSync(`${root}studies/${name}.yaml`, "utf8"), "study", knownNames);
    if (!loaded.ok) throw new Error("not a study");
    const committed = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
    const { value: study } = loaded;
    expect(committed).toMatchObject({
      seeds: study.seeds,
      policies: study.policies,
      measures: study.measures,
    });
    // One row of them, which takes a second.
    const policy = study.baseline;
    const part = { ...study, policies: [policy], conditions: study.conditions.slice(-1) };
    const pool = {
      slotCount: 1,
      perform: (task: Parameters<typeof performTask>[0]) => performTask(task, harness),
    };
    const { rows } = await explore(part, { pool: { ...pool, close: async () => undefined } });
    const row = committed.rows.find(
      (each) => each.policy === policy && each.condition === rows[0]?.condition,
    );
    expect(JSON.parse(JSON.stringify(rows[0]?.estimates))).toEqual(row?.estimates);
  },
  120_000,
);
