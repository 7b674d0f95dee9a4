import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import type { Finding } from "../../search/findings.ts";
import { findingCommand, seedsText } from "./cases.ts";

/** GitHub shows no more than this of each level and step. */
const SHOWN_MAX = 10;

/** Workflow commands of GitHub actions: a line for each finding, which shows beside the scenario's file. */
export function githubAnnotations(document: CampaignDocument, { news, known }: Comparison): string {
  const fileOf = new Map(document.rows.map(({ scenario, file }) => [scenario, file]));
  const lineOf = (level: "error" | "warning", finding: Finding): string => {
    const file = fileOf.get(finding.scenario) ?? finding.scenario;
    const title = `${finding.scenario}, ${finding.policy}: ${finding.name}`;
    const message = `${finding.summary}\n${seedsText(finding)}\n${findingCommand(finding, file)}`;
    return `::${level} file=${property(file)},line=1,title=${property(title)}::${data(message)}`;
  };
  const lines = [
    ...news.slice(0, SHOWN_MAX).map((finding) => lineOf("error", finding)),
    ...known.slice(0, SHOWN_MAX).map((finding) => lineOf("warning", finding)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
