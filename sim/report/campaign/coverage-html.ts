import type { CampaignDocument } from "../../search/report/document.ts";
import { escapeHtml } from "../html/skeleton.ts";
import { count } from "../units.ts";
import { visible } from "../visible.ts";
import { COVERAGE_TITLES, coverageOf, kindText, noveltyText, type PolicyCoverage } from "./coverage.ts";

/** What a campaign exercised, for its page: a table, everything by name, and a curve of what was new. */
export function coverageSection({ rows, campaign }: CampaignDocument): string {
  const coverage = coverageOf(rows, campaign.seeds);
  if (coverage.length === 0) return "";
  const heads = COVERAGE_TITLES.map((title) => `<th scope="col" class="number">${title}</th>`).join("");
  const body = coverage.map(
    ({ policy, kinds, novelty }) =>
      `<tr><th scope="row">${text(policy)}</th>${kinds.map((kind) => `<td class="number">${kindText(kind)}</td>`).join("")}<td class="number">${noveltyText(novelty)}</td><td>${curve(policy, novelty.curve)}</td></tr>`,
  );
  return `<section class="card" aria-labelledby="coverage"><h2 id="coverage">What was exercised</h2>
<p class="quiet">Of what each policy can come to in these scenarios. New: transitions of the cluster's abstract state that the last tenth of the seeds was the first to show; the curve has how many were known after each tenth.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="coverage"><table>
<thead><tr><th scope="col">policy</th>${heads}<th scope="col" class="number">new</th><th scope="col">known after each tenth</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>
${coverage.map(names).join("\n")}</section>`;
}

function names({ policy, kinds }: PolicyCoverage): string {
  const items = kinds.flatMap(({ title, met, missed }) => {
    const all = [
      ...missed.map((name) => `<b class="notable">${text(name)} never</b>`),
      ...met.map(([name, runs]) => `${text(name)} ${count(runs)}`),
    ];
    return all.length === 0 ? [] : [`<li>${title}: ${all.join(", ")}</li>`];
  });
  return `<details><summary>${text(policy)}: in how many runs</summary><ul>${items.join("")}</ul></details>`;
}

const WIDTH = 120;
const HEIGHT = 28;

function curve(policy: string, points: readonly number[]): string {
  const most = Math.max(1, ...points);
  const at = (value: number, index: number): string =>
    `${((index * WIDTH) / points.length).toFixed(1)},${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(1)}`;
  const line = [0, ...points].map(at).join(" ");
  const label = `${policy}: ${points.map(count).join(", ")}`;
  return `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text(label)}"><polyline fill="none" stroke="currentColor" stroke-width="1.5" points="${line}"/></svg>`;
}

function text(value: string): string {
  return escapeHtml(visible(value));
}
