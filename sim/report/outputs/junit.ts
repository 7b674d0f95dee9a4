import { visible } from "../visible.ts";
import type { ReportDocument, ReportFinding, ReportRow } from "./report-schema.ts";

/**
 * JUnit XML as the schema of Jenkins' xUnit plugin has it, which GitLab and the actions for GitHub read as well: a
 * suite a scenario, a case a policy and invariant. What is broken as expected is a skipped case with the reason.
 */
export function junitXml(report: ReportDocument): string {
  const scenarios = [...new Set(report.rows.map(({ scenario }) => scenario))];
  const suites = scenarios.map((scenario) => suiteOf(report, scenario));
  if (report.regressions.length > 0) suites.push(regressionSuite(report));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "cache-sim", ...countsOf(suites.flatMap(({ cases }) => cases)), time: seconds(report.timings.elapsedMs) })}>`,
    ...suites.flatMap(({ name, timeMs, cases }) => [
      `  <testsuite${attributes({ name, ...countsOf(cases), skipped: count(cases, "skipped"), time: seconds(timeMs) })}>`,
      ...cases.flatMap(caseLines),
      "  </testsuite>",
    ]),
    "</testsuites>",
  ];
  return `${lines.join("\n")}\n`;
}

interface Suite {
  readonly name: string;
  readonly timeMs: number;
  readonly cases: readonly Case[];
}

interface Case {
  readonly className: string;
  readonly name: string;
  readonly result: "passed" | "failure" | "error" | "skipped";
  readonly message: string;
  readonly text: string;
}

function suiteOf({ rows, findings, timings }: ReportDocument, scenario: string): Suite {
  const own = rows.map((row, index) => ({ row, index })).filter(({ row }) => row.scenario === scenario);
  return {
    name: scenario,
    timeMs: own.reduce((total, { index }) => total + (timings.rows[index]?.busyMs ?? 0), 0),
    cases: own.flatMap(({ row }) => {
      const found = findings.filter((each) => each.scenario === scenario && each.policy === row.policy);
      return casesOf(row, found);
    }),
  };
}

function casesOf(row: ReportRow, found: readonly ReportFinding[]): Case[] {
  const className = `${row.scenario}.${row.policy}`;
  const broken = new Set(found.map(({ name }) => name));
  const kept = row.promises.filter((name) => !broken.has(name));
  return [
    ...kept.map((name): Case => ({ className, name, result: "passed", message: "", text: "" })),
    ...found.map((finding): Case => {
      const { kind, name, isExpected, isKnown, seedCount, seedsRun, summary, replay } = finding;
      const message = `${seedCount} of ${seedsRun} seeds: ${summary}`;
      const result = kind === "error" ? "error" : "failure";
      const why = isKnown ? "in the baseline" : "not promised";
      return {
        className,
        name,
        result: isExpected || isKnown ? "skipped" : result,
        message: isExpected || isKnown ? `${why}: ${message}` : message,
        text: replay,
      };
    }),
  ];
}

function regressionSuite({ regressions }: ReportDocument): Suite {
  const cases = regressions.map(({ name, isAsExpected, summary, replay }): Case => ({
    className: "regressions",
    name,
    result: isAsExpected ? "passed" : "failure",
    message: summary,
    text: replay,
  }));
  return { name: "regressions", timeMs: 0, cases };
}

function caseLines({ className, name, result, message, text }: Case): string[] {
  const opening = `    <testcase${attributes({ classname: className, name })}`;
  if (result === "passed") return [`${opening}/>`];
  const inside =
    result === "skipped"
      ? `      <skipped${attributes({ message })}/>`
      : `      <${result}${attributes({ type: name, message })}>${escaped(text)}</${result}>`;
  return [`${opening}>`, inside, "    </testcase>"];
}

function countsOf(cases: readonly Case[]): Readonly<Record<string, string>> {
  return {
    tests: String(cases.length),
    failures: count(cases, "failure"),
    errors: count(cases, "error"),
  };
}

function count(cases: readonly Case[], result: Case["result"]): string {
  return String(cases.filter((each) => each.result === result).length);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no way to write most control characters, so they are shown in letters. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
