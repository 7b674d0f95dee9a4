import { findingIdentity } from "../finding-groups.ts";
import type { Finding } from "../findings.ts";
import { type CampaignDocument, documentFindings } from "./document.ts";

/** Findings beside those of an earlier report, compared by their fingerprints: in another scenario one is not new. */
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
  const identities = new Set(found.flatMap(identitiesOf));
  const knownIdentities = new Set(earlier.map(findingIdentity));
  const isKnown = (finding: Finding): boolean =>
    identitiesOf(finding).some((identity) => knownIdentities.has(identity));
  const wasRun = new Set(
    document.rows
      .filter(({ isComplete }) => isComplete)
      .map(({ scenario, policy }) => jobName({ scenario, policy })),
  );
  return {
    news: found.filter((finding) => !isKnown(finding)),
    known: found.filter(isKnown),
    vanished: earlier.filter(
      (finding) => !identities.has(findingIdentity(finding)) && wasRun.has(jobName(finding)),
    ),
  };
}

function unexpected(document: CampaignDocument): Finding[] {
  return documentFindings(document).filter(({ isExpected }) => !isExpected);
}

/** Its own, and the one that it has in a report in which no fingerprints were taken. */
function identitiesOf(finding: Finding): string[] {
  return [findingIdentity(finding), findingIdentity({ ...finding, shape: null })];
}

function jobName({ scenario, policy }: Pick<Finding, "scenario" | "policy">): string {
  return JSON.stringify([scenario, policy]);
}
