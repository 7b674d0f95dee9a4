import { visible } from "../visible.ts";
import type { ReportDocument, ReportFinding } from "./report-schema.ts";

/** TAP version 14: a point for each scenario under a policy, with what was not expected as its diagnostics. */
export function tapText({ rows, findings, regressions }: ReportDocument): string {
  const points = [
    ...regressions.map(({ name, isAsExpected, summary, replay }) => ({
      isOk: isAsExpected,
      name: `regression ${name}`,
      problems: isAsExpected ? [] : [{ problem: name, summary, replay }],
    })),
    ...rows.map(({ scenario, policy, tally, isComplete }) => {
      const unexpected = findings.filter((each) => {
        return each.scenario === scenario && each.policy === policy && isFailure(each);
      });
      return {
        isOk: unexpected.length === 0,
        name: `${scenario} ${policy}: ${tally.seedCount} seeds${isComplete ? "" : ", not all"}`,
        problems: unexpected.map(({ name, seedCount, summary, replay }) => ({
          problem: name,
          seeds: seedCount,
          summary,
          replay,
        })),
      };
    }),
  ];
  const lines = points.flatMap(({ isOk, name, problems }, index) => [
    `${isOk ? "ok" : "not ok"} ${index + 1} - ${escaped(name)}`,
    ...(problems.length === 0 ? [] : ["  ---", ...problems.flatMap(yamlItem), "  ..."]),
  ]);
  return `${["TAP version 14", `1..${points.length}`, ...lines].join("\n")}\n`;
}

function isFailure({ isExpected, isKnown }: ReportFinding): boolean {
  return !isExpected && !isKnown;
}

/** A JSON string is a YAML string. */
function yamlItem(problem: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(problem).map(([name, value], index) => {
    const shown = typeof value === "string" ? JSON.stringify(visible(value)) : String(value);
    return `  ${index === 0 ? "-" : " "} ${name}: ${shown}`;
  });
}

function escaped(text: string): string {
  return visible(text).replaceAll(/[\\#]/g, (character) => `\\${character}`);
}
