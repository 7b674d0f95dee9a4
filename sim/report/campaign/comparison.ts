import type { Comparison } from "../../search/report/baseline.ts";
import { groupFindings } from "../../search/finding-groups.ts";
import type { Finding } from "../../search/findings.ts";
import type { Page } from "../page.ts";
import { counted } from "../units.ts";
import { visible } from "../visible.ts";

/** What an earlier report has to do with this one; nothing where there was none. */
export function renderComparison(comparison: Comparison, { style }: Page): string[] {
  const onceEach = (findings: readonly Finding[]): Finding[] =>
    groupFindings(findings).map(({ finding }) => finding);
  const [known, vanished] = [onceEach(comparison.known), onceEach(comparison.vanished)];
  const nameOf = ({ scenario, policy, name }: Finding): string =>
    `  ${visible(`${scenario}, ${policy}: ${name}`)}`;
  return [
    ...(known.length === 0
      ? []
      : [
          "",
          style.notable(`${counted(known.length, "problem")} of the baseline, still there:`),
          ...known.map(nameOf),
        ]),
    ...(vanished.length === 0
      ? []
      : [
          "",
          style.good(`${counted(vanished.length, "problem")} of the baseline, gone:`),
          ...vanished.map(nameOf),
        ]),
  ];
}
