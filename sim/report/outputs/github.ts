import { visible } from "../visible.ts";
import type { ReportDocument } from "./report-schema.ts";

/** Annotations as workflow commands of GitHub Actions: a line for each problem that was not expected. */
export function githubAnnotations({ findings, regressions }: ReportDocument): string {
  const failures = findings.filter(({ isExpected, isKnown }) => !isExpected && !isKnown);
  const wrong = regressions.filter(({ isAsExpected }) => !isAsExpected);
  return [
    ...failures.map(({ scenario, policy, file, name, seedCount, seedsRun, summary, replay }) =>
      annotation(
        file,
        `${scenario}, ${policy}: ${name}`,
        `${seedCount} of ${seedsRun} seeds: ${summary}`,
        replay,
      ),
    ),
    ...wrong.map(({ name, summary, replay }) => annotation("", `regression ${name}`, summary, replay)),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function annotation(file: string, title: string, ...lines: readonly string[]): string {
  const properties = [...(file === "" ? [] : [`file=${property(file)}`]), `title=${property(title)}`];
  return `::error ${properties.join(",")}::${data(lines.map(visible).join("\n"))}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(visible(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
