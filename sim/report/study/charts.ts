import { AGE_BINS, type Curves, TIME_BINS } from "../../study/cell.ts";
import { LATENCY_QUANTILES, type StudyReport, type StudyRow } from "../../study/explore.ts";
import { escapeHtml } from "../html/skeleton.ts";

/** One line of a chart. Gaps are left where there is nothing. */
interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number] | null)[];
}

interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
  /** From 0 to 1 along x, how strongly to shade: where faults were. */
  readonly bands?: readonly number[];
  readonly xTicks: readonly (readonly [x: number, text: string])[];
  readonly yTicks: readonly (readonly [y: number, text: string])[];
}

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 52;
const RIGHT = 24;
const BOTTOM = 38;
const TOP = 10;
/** As many as there are colours and dashes to tell apart in the style. */
export const LOOKS = 16;

/** The charts of one condition. */
export function chartsOf(report: StudyReport, condition: string): string {
  const rows = report.rows.filter((row) => row.condition === condition);
  return [
    latencyChart("Latency of reads", rows, ({ readMs }) => readMs),
    latencyChart("Latency of writes", rows, ({ writeMs }) => writeMs),
    visibilityChart(rows),
    ...duringRun(rows),
  ]
    .map(drawChart)
    .join("\n");
}

function latencyChart(
  title: string,
  rows: readonly StudyRow[],
  of: (row: StudyRow) => StudyRow["readMs"],
): Chart {
  const all = rows.flatMap((row) =>
    of(row).flatMap((ms) => (ms === null || ms <= 0 ? [] : [Math.log10(ms)])),
  );
  const low = Math.floor(Math.min(0, ...all));
  const high = Math.max(low + 1, Math.ceil(Math.max(0, ...all)));
  // What takes no time at all, as on the client's own machine, is drawn on the floor.
  const place = (ms: number): number => Math.max(0, (Math.log10(ms) - low) / (high - low));
  const last = LATENCY_QUANTILES.length - 1;
  return {
    title,
    xLabel: "share of operations",
    yLabel: "ms",
    lines: rows.map((row) => ({
      name: row.policy,
      points: of(row).map((ms, index) => (ms === null ? null : ([index / last, place(ms)] as const))),
    })),
    xTicks: LATENCY_QUANTILES.map((quantile, index) => [index / last, `${quantile * 100}%`] as const),
    yTicks: Array.from({ length: high - low + 1 }, (_, step) => [
      step / (high - low),
      (step === 0 ? "≤" : "") + String(Number((10 ** (low + step)).toPrecision(1))),
    ]),
  };
}

/** The share of hits that were right, by the time since the last write of their key. */
function visibilityChart(rows: readonly StudyRow[]): Chart {
  return {
    title: "Right hits by the time since the last write",
    xLabel: "ms since the last acknowledged write of the key",
    yLabel: "right",
    lines: rows.map(({ policy, curves }) => ({
      name: policy,
      points: curves.hits.map((hits, bin) =>
        hits === 0 ? null : ([bin / (AGE_BINS - 1), 1 - (curves.staleHits[bin] ?? 0) / hits] as const),
      ),
    })),
    xTicks: [0, 3, 6, 9, 12, 15].map((bin) => [bin / (AGE_BINS - 1), `≤${2 ** bin}`] as const),
    yTicks: SHARES,
  };
}

/** What happened by when in the run it was called; behind it when faults were. */
function duringRun(rows: readonly StudyRow[]): Chart[] {
  return [
    shareDuringRun("Answered operations during the run", "answered", rows, "called", "answered"),
    shareDuringRun("Stale hits during the run", "stale", rows, "found", "foundStale"),
  ];
}

function shareDuringRun(
  title: string,
  yLabel: string,
  rows: readonly StudyRow[],
  whole: keyof Curves,
  part: keyof Curves,
): Chart {
  const faulty = rows[0]?.curves.faulty ?? [];
  const most = Math.max(1, ...faulty);
  const shares = rows.map(({ curves }) =>
    curves[whole].map((all, bin) => (all === 0 ? null : (curves[part][bin] ?? 0) / all)),
  );
  const top = roundAbove(Math.max(...shares.flat().map((share) => share ?? 0)));
  return {
    title,
    xLabel: "part of the run; shaded where faults were, darker in more runs",
    yLabel,
    lines: rows.map(({ policy }, row) => ({
      name: policy,
      points: (shares[row] ?? []).map((share, bin) =>
        share === null ? null : ([bin / (TIME_BINS - 1), share / top] as const),
      ),
    })),
    bands: faulty.map((runs) => runs / most),
    xTicks: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, `${share * 100}%`] as const),
    yTicks: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, percent(share * top)] as const),
  };
}

/** The end of an axis for shares, none of which is beyond it. */
function roundAbove(share: number): number {
  return [0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 0.6].find((end) => share <= end) ?? 1;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

const SHARES: Chart["yTicks"] = [0, 0.25, 0.5, 0.75, 1].map((share) => [share, `${share * 100}%`] as const);

function drawChart({ title, xLabel, yLabel, lines, bands = [], xTicks, yTicks }: Chart): string {
  const x = (share: number): string => (LEFT + share * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (share: number): string => (HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const bandWidth = (WIDTH - LEFT - RIGHT) / Math.max(1, bands.length);
  const shades = bands.map((strength, bin) =>
    strength === 0
      ? ""
      : `<rect class="band" x="${(LEFT + bin * bandWidth).toFixed(1)}" y="${TOP}" width="${(bandWidth + 0.5).toFixed(1)}" height="${HEIGHT - BOTTOM - TOP}" opacity="${(0.15 + 0.6 * strength).toFixed(2)}"/>`,
  );
  const grid = yTicks.map(
    ([at, text]) =>
      `<path class="grid" d="M${LEFT} ${y(at)}H${WIDTH - RIGHT}"/><text class="y" x="${LEFT - 6}" y="${y(at)}">${escapeHtml(text)}</text>`,
  );
  const feet = xTicks.map(
    ([at, text]) => `<text class="x" x="${x(at)}" y="${HEIGHT - BOTTOM + 16}">${escapeHtml(text)}</text>`,
  );
  const curves = lines.map(({ name, points }, index) => {
    let isDown = false;
    const path = points
      .map((point) => {
        if (point === null) {
          isDown = false;
          return "";
        }
        const step = `${isDown ? "L" : "M"}${x(point[0])} ${y(point[1])}`;
        isDown = true;
        return step;
      })
      .join("");
    return `<path class="line look-${index % LOOKS}" d="${path}"><title>${escapeHtml(name)}</title></path>`;
  });
  const keys = lines.map(
    ({ name }, index) =>
      `<li><svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path class="line look-${index % LOOKS}" d="M0 4H24"/></svg>${escapeHtml(name)}</li>`,
  );
  return `<figure class="chart">
<figcaption>${escapeHtml(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(`${title}: ${yLabel} by ${xLabel}. The table has the figures.`)}">
${shades.join("")}${grid.join("")}${feet.join("")}${curves.join("")}
<text class="x" x="${WIDTH / 2}" y="${HEIGHT - 4}">${escapeHtml(xLabel)}</text>
</svg>
<ul class="keys">${keys.join("")}</ul>
</figure>`;
}
