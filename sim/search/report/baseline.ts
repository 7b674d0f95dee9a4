import type { Finding } from "../findings.ts";
import { type CampaignDocument, documentFindings } from "./document.ts";

/** Findings beside those of an earlier report. */
export interface Comparison {
  /** Unexpected, and not in the earlier report: these fail a build. */
  readonly news: readonly Finding[];
  /** Unexpected, and in the earlier report as well. */
  readonly known: readonly Finding[];
  /** In the earlier report, of a scenario and policy that were run again, and gone. */
  readonly vanished: readonly Finding[];
}

/** @param baseline null when there is none: then everything is new */
export function compareWith(document: CampaignDocument, baseline: CampaignDocument | null): Comparison {
  const found = unexpected(document);
  const earlier = baseline === null ? [] : unexpected(baseline);
  const names = new Set(found.map(nameOf));
  const knownNames = new Set(earlier.map(nameOf));
  const wasRun = new Set(
    document.rows
      .filter(({ isComplete }) => isComplete)
      .map(({ scenario, policy }) => jobName({ scenario, policy })),
  );
  return {
    news: found.filter((finding) => !knownNames.has(nameOf(finding))),
    known: found.filter((finding) => knownNames.has(nameOf(finding))),
    vanished: earlier.filter((finding) => !names.has(nameOf(finding)) && wasRun.has(jobName(finding))),
  };
}

function unexpected(document: CampaignDocument): Finding[] {
  return documentFindings(document).filter(({ isExpected }) => !isExpected);
}

function nameOf(finding: Finding): string {
  return `${jobName(finding)} ${finding.kind} ${finding.name}`;
}

function jobName({ scenario, policy }: Pick<Finding, "scenario" | "policy">): string {
  return JSON.stringify([scenario, policy]);
}
