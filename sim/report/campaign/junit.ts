import type { Comparison } from "../../search/report/baseline.ts";
import type { Finding } from "../../search/findings.ts";
import type { CampaignDocument, KeptPlan } from "../../search/report/document.ts";
import { type Case, casesOf, caseText } from "./cases.ts";
import { KEPT_PLANS, keptPlanCommand, keptPlanTitle } from "./kept-plans.ts";

/**
 * JUnit XML as Jenkins, GitHub actions and GitLab read it: a suite for each scenario, a case for each policy and
 * promise. The elements and attributes are those of the schema of Jenkins' xunit plugin (junit-10.xsd).
 */
export function junitXml(document: CampaignDocument, comparison: Comparison): string {
  const cases = casesOf(document, comparison);
  const suites = [...new Set(cases.map(({ scenario }) => scenario))];
  const lines = suites.flatMap((scenario) => {
    const own = cases.filter((each) => each.scenario === scenario);
    return [
      `  <testsuite name="${attribute(scenario)}" ${counts(own)} time="${secondsOf(document, scenario)}">`,
      ...own.flatMap((each) => testcase(each)),
      "  </testsuite>",
    ];
  });
  const kept = document.keptPlans.map(keptPlanCase);
  if (kept.length > 0) {
    const figures = `tests="${kept.length}" failures="${kept.length}" errors="0" skipped="0"`;
    lines.push(`  <testsuite name="${KEPT_PLANS}" ${figures} time="0">`, ...kept.flat(), "  </testsuite>");
  }
  const seconds = (document.timings.elapsedMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cache-sim" ${totals(cases, kept.length)} time="${seconds}">`,
    ...lines,
    "</testsuites>",
    "",
  ].join("\n");
}

function testcase(each: Case): string[] {
  const head = `    <testcase classname="${attribute(each.scenario)}" name="${attribute(`${each.policy}: ${each.name}`)}" time="0"`;
  if (each.status === "partial")
    return [`${head}>`, '      <skipped message="stopped before the end"/>', "    </testcase>"];
  const [finding] = each.findings;
  if (finding === undefined) return [`${head}/>`];
  const text = caseText(each);
  if (each.status === "known") {
    return [`${head}>`, `      <system-out>${content(`known: ${text}`)}</system-out>`, "    </testcase>"];
  }
  const element = isPromise(finding) ? "failure" : "error";
  return [
    `${head}>`,
    `      <${element} type="${attribute(finding.name)}" message="${attribute(finding.summary)}">${content(text)}</${element}>`,
    "    </testcase>",
  ];
}

/** What was promised or expected and did not hold; everything else is a run that cannot be judged. */
function isPromise({ kind }: Finding): boolean {
  return kind === "violation" || kind === "bound";
}

function keptPlanCase(plan: KeptPlan): string[] {
  const text = `${plan.summary}\n${keptPlanCommand(plan)}`;
  return [
    `    <testcase classname="${KEPT_PLANS}" name="${attribute(keptPlanTitle(plan))}" time="0">`,
    `      <failure type="${plan.from}" message="${attribute(plan.summary)}">${content(text)}</failure>`,
    "    </testcase>",
  ];
}

/** Of a suite, which has skipped cases; the whole has no number of them. */
function counts(cases: readonly Case[]): string {
  const skipped = cases.filter(({ status }) => status === "partial").length;
  return `${totals(cases, 0)} skipped="${skipped}"`;
}

function totals(cases: readonly Case[], keptCount: number): string {
  const failed = cases.filter(({ status }) => status === "failed");
  const failures = failed.filter(
    ({ findings: [finding] }) => finding !== undefined && isPromise(finding),
  ).length;
  return `tests="${cases.length + keptCount}" failures="${failures + keptCount}" errors="${failed.length - failures}"`;
}

function secondsOf({ rows, timings }: CampaignDocument, scenario: string): string {
  const ms = rows.reduce(
    (sum, row, index) => sum + (row.scenario === scenario ? (timings.busyMs[index] ?? 0) : 0),
    0,
  );
  return (ms / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML 1.0 has no way at all to write most control characters, nor half of a surrogate pair. */
function content(text: string): string {
  return text
    .replaceAll(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

/** A parser turns a line break in an attribute into a space, so it is written as a reference. */
function attribute(text: string): string {
  return content(text).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
