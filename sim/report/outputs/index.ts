import { githubAnnotations } from "./github.ts";
import { junitXml } from "./junit.ts";
import { markdownText } from "./markdown.ts";
import type { OutputFormat } from "./formats.ts";
import { reportJson } from "./report-document.ts";
import type { ReportDocument } from "./report-schema.ts";
import { tapText } from "./tap.ts";

const writers: Readonly<Record<OutputFormat, (report: ReportDocument) => string>> = {
  json: reportJson,
  junit: junitXml,
  markdown: markdownText,
  github: githubAnnotations,
  tap: tapText,
};

/** A report as the text of a file. */
export function outputText(format: OutputFormat, report: ReportDocument): string {
  return writers[format](report);
}
