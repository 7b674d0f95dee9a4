import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { type FindingGroup, groupFindings } from "../../search/finding-groups.ts";
import { findingCommand, groupSeedsText } from "./cases.ts";

/** GitHub shows no more than this of each level and step. */
const SHOWN_MAX = 10;

/** Workflow commands of GitHub actions: a line for each finding, which shows beside the scenario's file. */
export function githubAnnotations(document: CampaignDocument, { news, known }: Comparison): string {
  const fileOf = new Map(document.rows.map(({ scenario, file }) => [scenario, file]));
  const lineOf = (level: "error" | "warning", group: FindingGroup): string => {
    const { finding } = group;
    const file = fileOf.get(finding.scenario) ?? finding.scenario;
    const title = `${finding.scenario}, ${finding.policy}: ${finding.name}`;
    const message = `${finding.summary}\n${groupSeedsText(group)}\n${findingCommand(finding, file)}`;
    return `::${level} file=${property(file)},line=1,title=${property(title)}::${data(message)}`;
  };
  const lines = [
    ...groupFindings(news)
      .slice(0, SHOWN_MAX)
      .map((group) => lineOf("error", group)),
    ...groupFindings(known)
      .slice(0, SHOWN_MAX)
      .map((group) => lineOf("warning", group)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
