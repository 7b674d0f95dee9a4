import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { documentText } from "../../search/report/document-text.ts";
import { githubAnnotations } from "./annotations.ts";
import { indexPage } from "./index-page.ts";
import { listedFindings } from "./listed-findings.ts";
import { junitXml } from "./junit.ts";
import { markdownSummary } from "./markdown.ts";
import type { OutputFormat } from "./output-formats.ts";
import { tapText } from "./tap.ts";

export interface OutputOptions {
  /** Whether a page of a run stands in the same folder. */
  readonly hasPage: (name: string) => boolean;
}

export function renderOutput(
  format: OutputFormat,
  document: CampaignDocument,
  comparison: Comparison,
  options: OutputOptions,
): string {
  switch (format) {
    case "json":
      return documentText({ ...document, findings: listedFindings(document, comparison) });
    case "junit":
      return junitXml(document, comparison);
    case "markdown":
      return markdownSummary(document, comparison);
    case "github":
      return githubAnnotations(document, comparison);
    case "tap":
      return tapText(document, comparison);
    case "html":
      return indexPage(document, comparison, options);
  }
}
