import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { knownNames } from "../../../sim/cli/known.ts";
import { studyCsv, studyMarkdown } from "../../../sim/report/study/exports.ts";
import { measured } from "../../../sim/report/study/figures.ts";
import type { StudyReport } from "../../../sim/study/explore.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import { conditionName } from "../../../sim/study/study.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const names = readdirSync(`${root}studies`).map((file) => file.replace(/\.yaml$/, ""));

test.each(names)("the committed report of %s is that of the study: otherwise `npm run studies`", (name) => {
  const loaded = loadStudy(readFileSync(`${root}studies/${name}.yaml`, "utf8"), "study", knownNames);
  if (!loaded.ok) throw new Error("not a study");
  const { seeds, candidates, measures, baseline, story, conditions } = loaded.value;
  const policies = candidates.map((each) => each.name);
  const report = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
  expect(report).toMatchObject({ name, story, baseline, seeds, policies, measures, isInterrupted: false });
  expect(report.conditions).toEqual(conditions.map(conditionName));
  expect(report.rows).toHaveLength(policies.length * conditions.length);
});

test.each(names)("the committed tables of %s are those of its figures", (name) => {
  const committed = (extension: string): string =>
    readFileSync(`${root}reports/examples/${name}.${extension}`, "utf8");
  const report = JSON.parse(committed("json")) as StudyReport;
  expect(studyMarkdown(report, `studies/${name}.yaml`)).toBe(committed("md"));
  expect(studyCsv(report)).toBe(committed("csv"));
});

/** A figure with a unit or with decimals, as reports print it. */
const FIGURE = /(?<![\w.])(?:\d[\d.]*(?:ms|%)|\d+\.\d+(?![\w.%]))/g;

/** The tables of a page, each after a line `Under _condition_:`, cell by cell. */
function tablesOf(page: string): { condition: string; policy: string; measure: string; text: string }[] {
  return page
    .split(/^Under _/m)
    .slice(1)
    .flatMap((part) => {
      const condition = part.slice(0, part.indexOf("_:"));
      const rows = part
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .map((line) =>
          line
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        );
      const [head = [], , ...body] = rows;
      return body.flatMap(([policy = "", ...cells]) =>
        cells.map((text, index) => ({ condition, policy, measure: head[index + 1] ?? "", text })),
      );
    });
}

test.each(names)("each figure that is told of %s is in its report, where it is said to be", (name) => {
  const page = readFileSync(`${root}docs/studies/${name}.md`, "utf8");
  const report = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
  const cells = tablesOf(page);
  expect(cells.length).toBeGreaterThan(10);
  const reported = cells.map(({ condition, policy, measure }) => {
    const row = report.rows.find((each) => each.condition === condition && each.policy === policy);
    const value = row?.estimates[report.measures.indexOf(measure)]?.value;
    return { condition, policy, measure, text: value === undefined ? "not there" : measured(measure, value) };
  });
  expect(cells).toEqual(reported);
  // What sentences say is in a table of the report, or what the study asks for.
  const texts = ["reports/examples/" + name + ".md", "studies/" + name + ".yaml"];
  const known = new Set(texts.flatMap((file) => readFileSync(`${root}${file}`, "utf8").match(FIGURE) ?? []));
  const told = page.replaceAll(/\d[\d.]* messages for each operation/g, "").match(FIGURE) ?? [];
  expect(told.filter((figure) => !known.has(figure))).toEqual([]);
});
