import { expect, test } from "vitest";
import { exitCodeOf } from "../../../sim/cli/commands/validate-command.ts";
import { plainStyle } from "../../../sim/report/style.ts";
import { renderValidation, validationSummary } from "../../../sim/report/validation-report.ts";
import { type Finding, judged } from "../../../sim/study/validation/finding.ts";

/** Ours is 0.5 with an interval of a tenth to either side. */
function publishedAs(published: number): Finding {
  const interval = { low: 0.4, high: 0.6 };
  return judged({
    table: "fan-out",
    what: "some answer is slow",
    published,
    ours: 0.5,
    interval,
    by: "cache",
  });
}

const agrees = publishedAs(0.45);
const differs = publishedAs(0.634);
const shown: Finding = { ...differs, verdict: "shown", remark: "another estimator" };

test("a published number outside of the interval fails the command, whatever agrees beside it", () => {
  expect([agrees.verdict, differs.verdict]).toEqual(["agrees", "differs"]);
  expect(exitCodeOf([agrees])).toBe(0);
  expect(exitCodeOf([agrees, differs, agrees])).toBe(1);
});

test("a number that is only shown fails nothing", () => {
  expect(exitCodeOf([agrees, shown])).toBe(0);
});

test("what differs stands in the table and in the sum", () => {
  const findings = [agrees, differs, shown];
  const lines = renderValidation(findings, { width: 100, style: plainStyle });
  expect(lines.filter((line) => / differs\s*$/.test(line))).toEqual([
    expect.stringMatching(/0\.634 .*0\.5 /),
  ]);
  expect(validationSummary(findings)).toBe(
    "1 published numbers agree, 1 differ; 1 are shown beside ours without a verdict",
  );
});
