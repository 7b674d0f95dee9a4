import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument } from "../../search/report/document.ts";
import { type FindingGroup, groupFindings } from "../../search/finding-groups.ts";
import { findingCommand, groupSeedsText } from "./cases.ts";
import { keptPlanCommand, keptPlanTitle } from "./kept-plans.ts";

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
    return command(level, { file, title, message });
  };
  const errors = [
    ...document.keptPlans.map((plan) =>
      command("error", {
        file: plan.file,
        title: keptPlanTitle(plan),
        message: `${plan.summary}\n${keptPlanCommand(plan)}`,
      }),
    ),
    ...groupFindings(news).map((group) => lineOf("error", group)),
  ];
  const lines = [
    ...errors.slice(0, SHOWN_MAX),
    ...groupFindings(known)
      .slice(0, SHOWN_MAX)
      .map((group) => lineOf("warning", group)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

interface Annotation {
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

function command(level: string, { file, title, message }: Annotation): string {
  return `::${level} file=${property(file)},line=1,title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
