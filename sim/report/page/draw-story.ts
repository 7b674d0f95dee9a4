import type { Context, Scene } from "./draw.ts";
import { momentText, rulerStepUs, xOf } from "./view.ts";

/**
 * The curve over the ruler: how likely the failure is if all choices from there on are drawn anew. Between two moments
 * that were tried it is that of the later one, since choices are taken at moments.
 */
export function drawOdds(context: Context, { model, layout, view, colours, top }: Scene): void {
  const { oddsHeight } = layout;
  const { explanation, endUs } = model.payload;
  if (oddsHeight === 0 || explanation === null) return;
  context.fillStyle = colours.panel;
  context.fillRect(0, top, view.right + 8, oddsHeight);
  const points = explanation.odds.map(({ fromUs, runs, failures }) => ({
    us: fromUs ?? endUs,
    share: runs === 0 ? 0 : failures / runs,
  }));
  const yOf = (share: number): number => top + 14 + (1 - share) * (oddsHeight - 24);
  context.strokeStyle = colours.line;
  context.fillStyle = colours.soft;
  context.textAlign = "right";
  context.beginPath();
  for (const share of [0, 1]) {
    context.moveTo(view.left, yOf(share));
    context.lineTo(view.right, yOf(share));
    context.fillText(`${share * 100} %`, view.left - 6, yOf(share));
  }
  context.stroke();
  context.fillText("fails", view.left - 6, yOf(0.5), view.left - 10);
  context.textAlign = "left";
  context.save();
  context.beginPath();
  context.rect(view.left, top, view.right - view.left, oddsHeight);
  context.clip();
  const startX = xOf(view, Math.min(0, view.fromUs));
  context.beginPath();
  context.moveTo(startX, yOf(points[0]?.share ?? 0));
  let before = points[0];
  for (const point of points) {
    // Up where choices begin to count, then level.
    context.lineTo(xOf(view, before?.us ?? 0), yOf(point.share));
    context.lineTo(xOf(view, point.us), yOf(point.share));
    before = point;
  }
  context.strokeStyle = colours.bad;
  context.lineWidth = 2;
  context.stroke();
  context.lineWidth = 1;
  context.lineTo(xOf(view, endUs), yOf(0));
  context.lineTo(startX, yOf(0));
  context.fillStyle = colours.bad;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  for (const { us, share } of points) {
    context.beginPath();
    context.arc(xOf(view, us), yOf(share), 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** A line through everything where it was decided. */
export function drawNoReturn(context: Context, { model, layout, view, colours, top, bottom }: Scene): void {
  const atUs = model.payload.explanation?.noReturn?.atUs;
  if (atUs === undefined || atUs < view.fromUs || atUs > view.toUs) return;
  const x = xOf(view, atUs);
  context.strokeStyle = colours.bad;
  context.lineWidth = 1.5;
  context.setLineDash([7, 4]);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1;
  if (layout.oddsHeight === 0) return;
  const text = `point of no return, ${momentText(atUs, Math.min(1000, rulerStepUs(view, 96)))}`;
  const isRight = x > (view.left + view.right) / 2;
  context.textAlign = isRight ? "right" : "left";
  context.fillStyle = colours.bad;
  context.fillText(text, x + (isRight ? -5 : 5), top + 7);
  context.textAlign = "left";
}

/** The numbers of the story at its events. Of those that would cover each other the first is drawn. */
export function drawStory(context: Context, { model, layout, view, colours, top, bottom }: Scene): void {
  const story = model.payload.explanation?.story ?? [];
  const taken: (readonly [number, number])[] = [];
  context.textAlign = "center";
  for (const [place, { event }] of story.entries()) {
    const us = model.timeUs[event] ?? 0;
    if (us < view.fromUs || us > view.toUs) continue;
    const machine = model.machine[event] ?? -1;
    const x = xOf(view, us);
    const y = machine < 0 ? layout.rulerHeight + 10 : layout.machineY(machine) - 16;
    if (y < top || y > bottom || taken.some(([a, b]) => Math.abs(a - x) < 16 && b === y)) continue;
    taken.push([x, y]);
    context.fillStyle = colours.accent;
    context.beginPath();
    context.arc(x, y, 8.5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = colours.panel;
    context.fillText(String(place + 1), x, y + 0.5);
  }
  context.textAlign = "left";
}
