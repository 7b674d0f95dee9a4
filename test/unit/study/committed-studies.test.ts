import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { knownNames } from "../../../sim/cli/known.ts";
import type { StudyReport } from "../../../sim/study/explore.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import { conditionName } from "../../../sim/study/study.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const names = readdirSync(`${root}studies`).map((file) => file.replace(/\.yaml$/, ""));

test.each(names)("the committed report of %s is that of the study: otherwise `npm run studies`", (name) => {
  const loaded = loadStudy(readFileSync(`${root}studies/${name}.yaml`, "utf8"), "study", knownNames);
  if (!loaded.ok) throw new Error("not a study");
  const { seeds, policies, measures, baseline, story, conditions } = loaded.value;
  const report = JSON.parse(readFileSync(`${root}reports/examples/${name}.json`, "utf8")) as StudyReport;
  expect(report).toMatchObject({ name, story, baseline, seeds, policies, measures, isInterrupted: false });
  expect(report.conditions).toEqual(conditions.map(conditionName));
  expect(report.rows).toHaveLength(policies.length * conditions.length);
});

/** A figure with its unit, as reports print it. */
const FIGURE = /(?<![\w.])\d[\d.]*(?:ms|%)/g;

test.each(names)("each figure that is told of %s is in its report", (name) => {
  const page = readFileSync(`${root}docs/studies/${name}.md`, "utf8");
  const report = readFileSync(`${root}reports/examples/${name}.md`, "utf8");
  const study = readFileSync(`${root}studies/${name}.yaml`, "utf8");
  const figuresOf = (text: string): string[] => text.match(FIGURE) ?? [];
  const known = new Set([...figuresOf(report), ...figuresOf(study)]);
  const told = figuresOf(page);
  expect(told.length).toBeGreaterThan(3);
  expect(told.filter((figure) => !known.has(figure))).toEqual([]);
  // What is shown of its tables is shown as it is there.
  const squeezed = (line: string): string => line.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  const lines = new Set(report.split("\n").map(squeezed));
  const shown = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| --"));
  expect(shown.map(squeezed).filter((line) => !lines.has(line))).toEqual([]);
});
