import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { harness, knownNames } from "../../sim/cli/known.ts";
import { explore, type StudyReport, type StudyRow } from "../../sim/study/explore.ts";
import { loadStudy } from "../../sim/study/load-study.ts";
import type { Candidate } from "../../sim/study/study.ts";
import { performTask } from "../../sim/study/task.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const names = readdirSync(`${root}studies`).map((file) => file.replace(/\.yaml$/, ""));

/** What a row says without the others: the interval of what no run showed, or every run, depends on theirs. */
function ownFigures({ estimates, broken, curves }: StudyRow): unknown {
  const own = estimates.map(({ value, ...interval }) =>
    value === 0 || value === 1 ? { value } : { value, ...interval },
  );
  return { estimates: own, broken, curves };
}

/** A row of each, with all of its seeds: another one for each study. */
test.each(names.map((name, index) => ({ name, index })))(
  "the figures of $name still come out: otherwise `npm run studies`, and look why",
  async ({ name, index }) => {
    const loaded = loadStudy(readFileSync(`${root}studies/${name}.yaml`, "utf8"), "study", knownNames);
    if (!loaded.ok) throw new Error("not a study");
    const { value: study } = loaded;
    const committed = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
    const candidate = study.candidates[index % study.candidates.length] as Candidate;
    const { name: policy } = candidate;
    const conditions = study.conditions.slice(-1);
    const part = { ...study, candidates: [candidate], baseline: policy, conditions };
    const pool = {
      slotCount: 1,
      perform: (task: Parameters<typeof performTask>[0]) => performTask(task, harness),
      close: async () => undefined,
    };
    const { rows } = await explore(part, { pool });
    const row = committed.rows.find(
      (each) => each.policy === policy && each.condition === rows[0]?.condition,
    );
    const again = JSON.parse(JSON.stringify(rows[0])) as StudyRow;
    expect(ownFigures(again)).toEqual(ownFigures(row as StudyRow));
  },
  120_000,
);
