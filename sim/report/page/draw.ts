import { drawArrows, drawChain } from "./draw-arrows.ts";
import { drawBands, drawBandWords, drawFaults, drawMarks } from "./draw-bands.ts";
import { drawOperations } from "./draw-bars.ts";
import { drawNoReturn, drawOdds, drawStory } from "./draw-story.ts";
import type { Layout } from "./layout.ts";
import { RULER } from "./layout.ts";
import type { Colours } from "./palette.ts";
import { countUpTo, type RunModel } from "./run-model.ts";
import type { Selection } from "./selection.ts";
import { momentText, rulerStepUs, usAt, type View, xOf } from "./view.ts";

/** Everything that a drawing depends on. */
export interface Scene {
  readonly model: RunModel;
  readonly layout: Layout;
  readonly view: View;
  readonly colours: Colours;
  readonly selection: Selection;
  readonly mask: Uint8Array;
  readonly isFiltered: boolean;
  /** What of the height can be seen. */
  readonly top: number;
  readonly bottom: number;
}

export type Context = CanvasRenderingContext2D;
export const FONT = '12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/**
 * Draws what can be seen of a run, and nothing else: what lies beside the view is found by its time and skipped, and of
 * what would fall on the same pixels one is drawn.
 *
 * @returns how many shapes it took
 */
export function drawScene(context: Context, scene: Scene): number {
  const { layout, view, colours } = scene;
  const width = view.right + 8;
  context.clearRect(0, scene.top, width, scene.bottom - scene.top);
  context.font = FONT;
  context.textBaseline = "middle";
  drawGround(context, scene);
  context.save();
  context.beginPath();
  context.rect(view.left, layout.rulerHeight, width - view.left, layout.height);
  context.clip();
  let shapes = drawBands(context, scene) + drawFaults(context, scene);
  shapes += drawOperations(context, scene);
  shapes += drawArrows(context, scene);
  shapes += drawEvents(context, scene);
  drawBandWords(context, scene);
  shapes += drawMarks(context, scene);
  drawChain(context, scene);
  drawStory(context, scene);
  context.restore();
  drawNames(context, scene);
  drawOdds(context, scene);
  drawRuler(context, scene);
  drawNoReturn(context, scene);
  context.fillStyle = colours.ink;
  return shapes;
}

function drawGround(context: Context, { model, layout, view, colours, top, bottom }: Scene): void {
  const { payload } = model;
  context.fillStyle = colours.heal;
  const heal = Math.max(view.left, xOf(view, payload.healUs));
  const end = Math.min(view.right, xOf(view, payload.endUs));
  if (end > heal) context.fillRect(heal, top, end - heal, bottom - top);
  context.strokeStyle = colours.lane;
  context.lineWidth = 2;
  context.beginPath();
  for (let machine = 0; machine < payload.machines.length; machine++) {
    const y = layout.machineY(machine);
    if (y < top || y > bottom) continue;
    context.moveTo(view.left, y);
    context.lineTo(view.right, y);
  }
  context.stroke();
  context.lineWidth = 1;
}

function drawRuler(context: Context, { view, layout, colours, model, top: above, bottom }: Scene): void {
  const top = above + layout.oddsHeight;
  const step = rulerStepUs(view, 96);
  context.fillStyle = colours.panel;
  context.fillRect(0, top, view.right + 8, RULER);
  context.strokeStyle = colours.line;
  context.beginPath();
  context.moveTo(0, top + RULER - 0.5);
  context.lineTo(view.right + 8, top + RULER - 0.5);
  const first = Math.max(0, Math.ceil(view.fromUs / step) * step);
  const last = Math.min(model.payload.endUs, view.toUs);
  context.fillStyle = colours.soft;
  for (let us = first; us <= last; us += step) {
    const x = Math.round(xOf(view, us)) + 0.5;
    context.moveTo(x, top + RULER - 6);
    context.lineTo(x, top + RULER);
    context.fillText(momentText(us, step), x + 4, top + RULER / 2 - 1);
  }
  context.stroke();
  context.globalAlpha = 0.5;
  context.beginPath();
  for (let us = first; us <= last; us += step) {
    const x = Math.round(xOf(view, us)) + 0.5;
    context.moveTo(x, top + RULER);
    context.lineTo(x, bottom);
  }
  context.globalAlpha = 0.35;
  context.stroke();
  context.globalAlpha = 1;
}

function drawNames(context: Context, { model, layout, view, colours, top, bottom }: Scene): void {
  const { machines, clients } = model.payload;
  context.fillStyle = colours.panel;
  context.fillRect(0, top, view.left - 2, bottom - top);
  context.textAlign = "right";
  const name = (text: string, y: number, colour: string): void => {
    if (y < top - 20 || y > bottom + 20) return;
    context.fillStyle = colour;
    context.fillText(text, view.left - 10, y, view.left - 14);
  };
  if (layout.faults.length > 0) name("faults", layout.rulerHeight + 10, colours["fault-ink"]);
  if (layout.changesY !== null) name("changes", layout.changesY + 10, colours.accent);
  for (const [place, client] of clients.entries()) name(client, layout.clientY(place), colours.soft);
  context.font = FONT.replace("12px", "600 13px");
  for (const [place, machine] of machines.entries()) name(machine, layout.machineY(place), colours.ink);
  context.font = FONT;
  context.textAlign = "left";
}

/** Events of one lane that fall on the same pixel look like one. */
function drawEvents(context: Context, { model, layout, view, colours, mask, top, bottom }: Scene): number {
  const first = countUpTo(model.timeUs, view.fromUs - 1);
  const last = countUpTo(model.timeUs, view.toUs);
  const laneCount = model.payload.machines.length;
  const usPerPixel = (view.toUs - view.fromUs) / (view.right - view.left);
  const lastPixel = new Float64Array(laneCount).fill(-1);
  const isSparse = last - first < (view.right - view.left) * laneCount * 0.12;
  context.fillStyle = isSparse ? colours.ink : colours.soft;
  let shapes = 0;
  for (let event = first; event < last; event++) {
    const machine = model.machine[event] ?? -1;
    if (machine < 0 || mask[event] === 0) continue;
    const y = layout.machineY(machine);
    if (y < top || y > bottom) continue;
    const us = model.timeUs[event] ?? 0;
    // Counted from the start of the run, so that panning always shows the same ones.
    const pixel = Math.floor(us / usPerPixel);
    if (lastPixel[machine] === pixel) continue;
    lastPixel[machine] = pixel;
    const x = xOf(view, us);
    if (isSparse) {
      context.beginPath();
      context.arc(x, y, 3, 0, 2 * Math.PI);
      context.fill();
    } else context.fillRect(x - 0.75, y - 3, 1.5, 6);
    shapes++;
  }
  return shapes;
}

/** The event whose mark is nearest to a point, or whose message passes there; -1 for none. */
export function eventNear({ model, layout, view, mask }: Scene, x: number, y: number): number {
  const reach = 9;
  let best = -1;
  let bestDistance = reach;
  const first = countUpTo(model.timeUs, usAt(view, x - reach) - 1);
  const last = countUpTo(model.timeUs, usAt(view, x + reach));
  for (let event = first; event < last; event++) {
    const machine = model.machine[event] ?? -1;
    if (machine < 0 || mask[event] === 0) continue;
    const away = Math.hypot(xOf(view, model.timeUs[event] ?? 0) - x, layout.machineY(machine) - y);
    if (away < bestDistance) [best, bestDistance] = [event, away];
  }
  if (best >= 0) return best;
  for (const arrow of model.arrows) {
    if (arrow.startUs > view.toUs) break;
    if (arrow.endUs < view.fromUs || mask[arrow.send] === 0) continue;
    const [x1, x2] = [xOf(view, arrow.startUs), xOf(view, arrow.endUs)];
    const [y1, y2] = [layout.machineY(arrow.from), layout.machineY(arrow.to)];
    const share = Math.max(
      0,
      Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2 || 1)),
    );
    const away = Math.hypot(x1 + share * (x2 - x1) - x, y1 + share * (y2 - y1) - y);
    if (away < Math.min(5, bestDistance)) [best, bestDistance] = [arrow.end, away];
  }
  return best;
}
