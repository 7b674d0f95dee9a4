import { groupFindings } from "../../search/finding-groups.ts";
import type { Comparison } from "../../search/report/baseline.ts";
import type { CampaignDocument, ListedFinding } from "../../search/report/document.ts";
import { findingCommand } from "./cases.ts";

/** The failures of a campaign for programs to read: what is new first, each fingerprint once. */
export function listedFindings(document: CampaignDocument, { news, known }: Comparison): ListedFinding[] {
  const fileOf = new Map(document.rows.map(({ scenario, file }) => [scenario, file]));
  return [false, true].flatMap((isKnown) =>
    groupFindings(isKnown ? known : news).map(({ id, finding, findings, seedCount }) => {
      const { kind, name, policy, shape, scenario, seed, summary } = finding;
      const scenarios = [...new Set(findings.map((each) => each.scenario))];
      const replay = findingCommand(finding, fileOf.get(scenario) ?? scenario);
      return {
        id,
        kind,
        name,
        policy,
        shape,
        seedCount,
        scenarios,
        scenario,
        seed,
        summary,
        isKnown,
        replay,
      };
    }),
  );
}
