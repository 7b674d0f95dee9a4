import { measureByName } from "../../check/measures/index.ts";
import { dominancesOf } from "../../study/dominance.ts";
import type { StudyReport, StudyRow } from "../../study/explore.ts";
import { pageScript, sourceHash } from "../html/page-script.ts";
import { escapeHtml } from "../html/skeleton.ts";
import { pageStyle } from "../html/style.ts";
import { chartsOf, LOOKS } from "./charts.ts";
import { differenceWithInterval, withInterval } from "./figures.ts";
import { summaryOf } from "./summary.ts";
import { legend } from "./table.ts";
import { type BrokenRun, brokenRunOf, brokenTexts, replayOf } from "./violations.ts";

/** How the runs that break something can be seen again. */
export interface ShownRuns {
  /** The study's file, as commands name it. */
  readonly studyFile: string;
  /** The page of a run, from beside this one; null where none was written. */
  readonly pageOf: (run: BrokenRun) => string | null;
}

/**
 * A study as one file for a browser, offline: every figure is in tables of plain HTML, which need no script; the
 * script sorts them and draws one measure against another. The content policy allows nothing else.
 */
export function studyPage(report: StudyReport, shown: ShownRuns): string {
  const script = pageScript("study");
  const style = pageStyle + STYLE;
  const contentPolicy = `default-src 'none'; script-src ${sourceHash(script)}; style-src ${sourceHash(style)}; base-uri 'none'; form-action 'none'`;
  const options = report.measures.map((name) => `<option>${escapeHtml(name)}</option>`).join("");
  const sentences = summaryOf(report, dominancesOf(report));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(report.name)} · cache-sim</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header><div class="name"><p class="brand">cache-sim study</p><h1>${escapeHtml(report.name)}</h1></div>
<button id="theme" type="button" aria-label="Change between light and dark">◐</button></header>
<main id="main">
<section class="card"><p>${escapeHtml(report.story)}</p>
<ul class="summary">${sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join("")}</ul></section>
<section class="card" aria-labelledby="front-title"><div class="bar"><h2 id="front-title">One measure against another</h2>
<div class="tools"><label>Across <select id="across">${options}</select></label> <label>Up <select id="up">${options}</select></label> <label>Under <select id="under">${report.conditions.map((name) => `<option>${escapeHtml(name)}</option>`).join("")}</select></label></div></div>
<div id="front"></div><p class="quiet" id="front-text" role="status"></p></section>
${brokenSection(report, shown)}
${report.conditions.map((condition) => conditionSection(report, condition)).join("\n")}
<p class="quiet">${escapeHtml(legend(report))}</p>
</main>
<script type="text/plain" id="data">${payloadOf(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function conditionSection(report: StudyReport, condition: string): string {
  const rows = report.rows.filter((row) => row.condition === condition);
  const heads = report.measures.map((name) => {
    const measure = measureByName(name);
    return `<th scope="col" aria-sort="none" title="${escapeHtml(measure?.summary ?? "")}"><button type="button">${escapeHtml(name)}</button></th>`;
  });
  return `<section class="card"><h2>${escapeHtml(condition === "all" ? "Results" : condition)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(`Figures, ${condition}`)}"><table class="sortable"><thead><tr><th scope="col" aria-sort="none"><button type="button">policy</button></th>${heads.join("")}<th scope="col">broken</th></tr></thead>
<tbody>${rows.map((row) => tableRow(report, row)).join("\n")}</tbody></table></div>
<details open><summary>Curves</summary><div class="charts">${chartsOf(report, condition)}</div></details></section>`;
}

function tableRow(report: StudyReport, row: StudyRow): string {
  const cells = report.measures.map((name, index) => {
    const [estimate, paired] = [row.estimates[index], row.differences[index]];
    if (estimate === undefined || paired === undefined) return "<td></td>";
    const isBase = row.policy === report.baseline;
    const behind = isBase
      ? ""
      : `<span class="quiet">${escapeHtml(differenceWithInterval(name, paired))}</span>`;
    return `<td data-value="${estimate.value ?? ""}">${escapeHtml(withInterval(name, estimate))} ${behind}</td>`;
  });
  const broken = brokenTexts(row).map(({ text, isPromised }) =>
    isPromised ? `<strong>${escapeHtml(text)}</strong>` : '<a href="#broken">what it does not promise</a>',
  );
  return `<tr><th scope="row">${escapeHtml(row.policy)}</th>${cells.join("")}<td>${broken.join("<br>")}</td></tr>`;
}

/** What each policy breaks under which conditions, with the line that shows it and, where there is one, its page. */
function brokenSection(report: StudyReport, { studyFile, pageOf }: ShownRuns): string {
  const rows = report.policies.flatMap((policy) =>
    report.rows
      .filter((row) => row.policy === policy)
      .flatMap((row) => {
        const run = brokenRunOf(row);
        if (run === null) return [];
        const page = pageOf(run);
        const look =
          page === null
            ? ""
            : `<a href="${escapeHtml(encodeURI(page))}">${escapeHtml(`The run of seed ${run.seed}`)}</a><br>`;
        const cells = [
          escapeHtml(row.condition),
          brokenTexts(row)
            .map(({ text, isPromised }) =>
              isPromised ? `<strong>${escapeHtml(text)}</strong>` : escapeHtml(text),
            )
            .join("<br>"),
          `${look}<code>${escapeHtml(replayOf(studyFile, run))}</code>`,
        ];
        return [
          `<tr><th scope="row">${escapeHtml(policy)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`,
        ];
      }),
  );
  const heads = ["policy", "under", "breaks", "see it"].map((head) => `<th scope="col">${head}</th>`);
  const table = `<div class="scroll" tabindex="0" role="region" aria-label="What breaks"><table class="sortable broken"><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
  const nothing = `<p>No run broke anything.</p>`;
  return `<section class="card" id="broken"><h2>What breaks</h2>${rows.length === 0 ? nothing : table}</section>`;
}

/** What the script draws from; of text that ends an element nothing is left. */
function payloadOf({ measures, rows }: StudyReport): string {
  const points = rows.map(({ condition, policy, estimates }) => ({ condition, policy, estimates }));
  const better = measures.map((name) => measureByName(name)?.better ?? "less");
  const units = measures.map((name) => measureByName(name)?.unit ?? "");
  return JSON.stringify({ measures, better, units, rows: points }).replaceAll("<", "\\u003c");
}

/** Each hue once with each of two kinds of dashes: neighbours differ in both. */
function lookStyle(look: number): string {
  const hue = HUES[look % HUES.length] ?? 0;
  const dashes = DASHES[(look % 2) + 2 * Math.floor(look / HUES.length)] ?? "none";
  return `.look-${look}{stroke:hsl(${hue} 60% 50%);stroke-dasharray:${dashes}}`;
}

const DASHES = ["none", "6 3", "2 2", "10 3 2 3"];
const HUES = [220, 10, 150, 40, 280, 190, 330, 90];

const STYLE = `
.summary{margin-top:10px;padding-left:20px;display:grid;gap:4px}
.scroll{overflow-x:auto}
table.sortable{border-collapse:collapse;font-size:13px}
.sortable th,.sortable td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
.sortable thead button{background:none;border:0;padding:2px 0;font-weight:600}
.sortable th[aria-sort=ascending] button::after{content:" ↑"}.sortable th[aria-sort=descending] button::after{content:" ↓"}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:16px}
.chart{margin:0}.chart>svg,#front svg{width:100%;height:auto;display:block}
.broken td{vertical-align:top}.broken td:nth-child(n+3){white-space:normal;min-width:360px}
figcaption{font-weight:600;font-size:13px}
.chart text,#front text{fill:var(--soft);font-size:11px}.x{text-anchor:middle}.y{text-anchor:end;dominant-baseline:middle}
.grid{stroke:var(--line);fill:none}.band{fill:var(--fault)}
.line{fill:none;stroke-width:2}
${Array.from({ length: LOOKS }, (_, look) => lookStyle(look)).join("\n")}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12px}.key{width:24px;height:8px;margin-right:6px;vertical-align:middle}
.dot{fill:var(--accent)}.dot.off{fill:var(--soft)}.bar-line{stroke:var(--soft)}
.front-line{fill:none;stroke:var(--accent);stroke-dasharray:4 4;opacity:.6}#front text.policy{fill:var(--ink);font-weight:600}`;
