import { createHash } from "node:crypto";
import type { Comparison } from "../../search/report/baseline.ts";
import { type CampaignDocument, documentFindings, type DocumentRow } from "../../search/report/document.ts";
import { type FindingGroup, groupFindings, seedsByName } from "../../search/finding-groups.ts";
import { type Finding, verdictOf } from "../../search/findings.ts";
import { planFileName } from "../../search/plan-files.ts";
import { recoveryQuantileUs } from "../../search/recovery-tally.ts";
import { escapeHtml } from "../html/skeleton.ts";
import { pageStyle } from "../html/style.ts";
import { count, span } from "../units.ts";
import { visible } from "../visible.ts";
import { findingCommand, groupSeedsText } from "./cases.ts";
import { coverageSection } from "./coverage-html.ts";
import { gateRows, gateWord } from "./gates.ts";
import { keptPlanCommand, keptPlanTitle } from "./kept-plans.ts";
import { isFailure, verdictText } from "./verdict.ts";

export interface IndexPageOptions {
  /** Whether a page of a run stands beside this one. */
  readonly hasPage: (name: string) => boolean;
}

const style = `${pageStyle}
table{border-collapse:collapse;width:100%}th,td{padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;font-size:13px}td.number,th.number{text-align:right}
summary h2{display:inline}
.scroll{overflow-x:auto}article{margin:12px 0}article p{margin:4px 0;max-width:110ch}pre{overflow-x:auto;padding:6px 12px;background:var(--raised);border-radius:8px;margin:6px 0}
.bad{color:var(--bad);font-weight:600}.ok{color:var(--ok)}.notable{color:var(--fail)}`;

/** The whole campaign on one page, without a script: what is wrong, then every row, then how recovery went. */
export function indexPage(
  document: CampaignDocument,
  comparison: Comparison,
  options: IndexPageOptions,
): string {
  const { news, known, vanished } = comparison;
  const findings = documentFindings(document);
  const measured = findings.filter(({ isExpected }) => isExpected);
  const hash = createHash("sha256").update(style).digest("base64");
  const verdict = verdictText(document, comparison);
  const list = (title: string, listed: readonly Finding[], open: boolean): string =>
    listed.length === 0
      ? ""
      : `<section class="card"><details${open ? " open" : ""}><summary><h2>${escapeHtml(title)} (${groupFindings(listed).length})</h2></summary>
${groupFindings(listed)
  .map((group) => article(group, document, options))
  .join("\n")}</details></section>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Campaign · cache-sim</title>
<style>${style}</style>
</head>
<body>
<header>
  <div class="name"><p class="brand">cache-sim</p><h1>Campaign, seeds ${document.campaign.seeds.first} to ${document.campaign.seeds.last}</h1></div>
  <p id="verdict" class="verdict ${isFailure(document, comparison) ? "bad" : "good"}">${escapeHtml(verdict)}</p>
</header>
<main>
${keptPlans(document)}
${list("New problems", news, true)}
${list("Known problems", known, true)}
${list("Gone since the baseline", vanished, true)}
<section class="card" aria-labelledby="rows"><h2 id="rows">Scenarios and policies</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="rows"><table>
<thead><tr><th scope="col">scenario</th><th scope="col">policy</th><th scope="col" class="number">seeds</th><th scope="col" class="number">virtual time</th><th scope="col" class="number">operations</th><th scope="col">verdict</th><th scope="col">broken (seeds)</th></tr></thead>
<tbody>
${document.rows.map((row) => tableRow(row, findings)).join("\n")}
</tbody></table></div></section>
${gates(document)}
${coverageSection(document)}
${recoveries(document)}
${list("Broken, but not promised", measured, false)}
</main>
</body>
</html>
`;
}

function keptPlans({ keptPlans: plans }: CampaignDocument): string {
  if (plans.length === 0) return "";
  const items = plans.map(
    (plan) => `<article><h3>${text(keptPlanTitle(plan))}</h3>
<p>${text(plan.summary)}</p>
<pre tabindex="0"><code>${text(keptPlanCommand(plan))}</code></pre></article>`,
  );
  return `<section class="card"><h2 class="bad">Kept plans that did not end as they have to</h2>
${items.join("\n")}</section>`;
}

function article(group: FindingGroup, { rows }: CampaignDocument, { hasPage }: IndexPageOptions): string {
  const { finding } = group;
  const { scenario, policy, name, summary } = finding;
  const file = rows.find((row) => row.scenario === scenario)?.file ?? scenario;
  const page = planFileName(finding).replace(/\.plan\.json$/, ".html");
  const link = hasPage(page) ? ` <a href="${escapeHtml(encodeURIComponent(page))}">look at the run</a>` : "";
  return `<article><h3>${text(`${scenario}, ${policy}: ${name}`)}</h3>
<p>${text(summary)}</p>
<p class="quiet">${escapeHtml(groupSeedsText(group))}${link}</p>
<pre tabindex="0"><code>${text(findingCommand(finding, file))}</code></pre></article>`;
}

function tableRow(row: DocumentRow, findings: readonly Finding[]): string {
  const own = findings.filter(({ scenario, policy }) => scenario === row.scenario && policy === row.policy);
  const verdict = verdictOf(own);
  const [word, kind] =
    verdict === "failed"
      ? ["FAILED", "bad"]
      : !row.isComplete
        ? ["partial", "notable"]
        : verdict === "clean"
          ? ["clean", "ok"]
          : ["expected", "notable"];
  const broken = seedsByName(own)
    .map(({ name, seedCount }) => `${text(name)} ${count(seedCount)}`)
    .join(", ");
  const { tally } = row;
  return `<tr><th scope="row">${text(row.scenario)}</th><td>${text(row.policy)}</td><td class="number">${count(tally.seedCount)}</td><td class="number">${span(tally.virtualUs / 1000)}</td><td class="number">${count(tally.operations.total)}</td><td class="${kind}">${word}</td><td>${broken}</td></tr>`;
}

function gates({ rows, campaign }: CampaignDocument): string {
  const body = gateRows(rows, campaign.shard === null).map((gate) => {
    const kind = { met: "ok", crossed: "bad", unmeasured: "notable", open: "notable" }[gate.verdict];
    return `<tr><th scope="row">${text(gate.scenario)}</th><td>${text(gate.policy)}</td><td>${text(gate.bound)}</td><td class="${kind}">${gateWord(gate)}</td><td>${text(gate.measured)}</td><td>${text(gate.worst)}</td></tr>`;
  });
  if (body.length === 0) return "";
  return `<section class="card" aria-labelledby="gates"><h2 id="gates">What the scenarios expect</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="gates"><table>
<thead><tr><th scope="col">scenario</th><th scope="col">policy</th><th scope="col">bound</th><th scope="col">verdict</th><th scope="col">measured</th><th scope="col">worst run</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table></div></section>`;
}

function recoveries({ rows }: CampaignDocument): string {
  const body = rows.flatMap(({ scenario, policy, tally }) =>
    tally.recoveries.map((recovery) => {
      const time = (share: number): string => {
        const us = recoveryQuantileUs(recovery, share);
        return us === null ? "never" : span(us / 1000);
      };
      return `<tr><th scope="row">${text(scenario)}</th><td>${text(policy)}</td><td>${text(recovery.kind)}</td><td class="number">${count(recovery.count)}</td><td class="number">${time(0.5)}</td><td class="number">${time(0.99)}</td></tr>`;
    }),
  );
  if (body.length === 0) return "";
  return `<section class="card"><details><summary><h2>Recovery after the last fault</h2></summary><div class="scroll" tabindex="0" role="region" aria-label="Recovery"><table>
<thead><tr><th scope="col">scenario</th><th scope="col">policy</th><th scope="col">fault</th><th scope="col" class="number">runs</th><th scope="col" class="number">half</th><th scope="col" class="number">99 %</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table></div></details></section>`;
}

function text(value: string): string {
  return escapeHtml(visible(value));
}
