import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { harness, knownNames } from "../../sim/cli/known.ts";
import { explore, type StudyReport } from "../../sim/study/explore.ts";
import { loadStudy } from "../../sim/study/load-study.ts";
import { performTask } from "../../sim/study/task.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const names = readdirSync(`${root}studies`).map((file) => file.replace(/\.yaml$/, ""));

/** A row of each, with all of its seeds: another one for each study. */
test.each(names.map((name, index) => ({ name, index })))(
  "the figures of $name still come out: otherwise `npm run studies`, and look why",
  async ({ name, index }) => {
    const loaded = loadStudy(readFileSync(`${root}studies/${name}.yaml`, "utf8"), "study", knownNames);
    if (!loaded.ok) throw new Error("not a study");
    const { value: study } = loaded;
    const committed = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
    const policy = study.policies[index % study.policies.length] as string;
    const part = { ...study, policies: [policy], baseline: policy, conditions: study.conditions.slice(-1) };
    const pool = {
      slotCount: 1,
      perform: (task: Parameters<typeof performTask>[0]) => performTask(task, harness),
      close: async () => undefined,
    };
    const { rows } = await explore(part, { pool });
    const row = committed.rows.find(
      (each) => each.policy === policy && each.condition === rows[0]?.condition,
    );
    const { estimates, broken, curves } = JSON.parse(JSON.stringify(rows[0])) as StudyReport["rows"][number];
    expect({ estimates, broken, curves }).toEqual({
      estimates: row?.estimates,
      broken: row?.broken,
      curves: row?.curves,
    });
  },
  120_000,
);
