import type { Context, Scene } from "./draw.ts";
import { label } from "./draw-label.ts";
import { CLIENT_ROW } from "./layout.ts";
import type { PageOperation } from "./payload.ts";
import { xOf } from "./view.ts";

const BAR = 13;

/** Operations as bars: full for ok, an outline for failed, open at the end for what may still happen. */
export function drawOperations(context: Context, scene: Scene): number {
  const { model, layout, view, colours, selection, mask, isFiltered, top, bottom } = scene;
  let shapes = 0;
  const barAt = new Float64Array(model.payload.clients.length).fill(-10);
  for (const [place, operation] of model.payload.operations.entries()) {
    if (operation.callUs > view.toUs) break;
    const endUs = operation.returnUs ?? model.payload.endUs;
    const y = layout.clientY(operation.client);
    if (endUs < view.fromUs || y < top || y > bottom) continue;
    // On whole pixels, so that the shortest bar is as clear as any.
    const from = Math.round(xOf(view, operation.callUs));
    const to = Math.max(from + 3, Math.round(xOf(view, endUs)));
    const isLit = selection.lit.has(place);
    if (!isLit && to - from <= 3 && from - (barAt[operation.client] ?? 0) < 1) continue;
    barAt[operation.client] = from;
    const isShown = !isFiltered || mask[operation.callEvent ?? -1] === 1;
    context.globalAlpha = isShown || isLit ? 1 : 0.18;
    drawBar(context, scene, operation, from, to, y);
    if (isLit) {
      context.strokeStyle = colours.bad;
      context.lineWidth = 2;
      context.strokeRect(from - 2, y - BAR / 2 - 2, to - from + 4, BAR + 4);
      context.lineWidth = 1;
      drawThread(context, scene, operation, from, y);
    }
    context.globalAlpha = 1;
    shapes++;
  }
  return shapes;
}

function drawBar(
  context: Context,
  { view, colours }: Scene,
  operation: PageOperation,
  from: number,
  to: number,
  y: number,
): void {
  const { result, request, answer } = operation;
  const colour = { ok: colours.ok, fail: colours.fail, indeterminate: colours.unknown }[result];
  const [x, width] = [
    Math.max(from, view.left - 4),
    Math.min(to, view.right + 4) - Math.max(from, view.left - 4),
  ];
  if (width <= 0) return;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  if (result === "ok") context.fillRect(x, y - BAR / 2, width, BAR);
  else {
    context.globalAlpha *= 0.22;
    context.fillRect(x, y - BAR / 2, width, BAR);
    context.globalAlpha = Math.min(1, context.globalAlpha / 0.22);
    context.setLineDash(result === "indeterminate" ? [4, 3] : []);
    context.strokeRect(x + 0.5, y - BAR / 2 + 0.5, Math.max(1, width - 1), BAR - 1);
    context.setLineDash([]);
  }
  context.fillStyle = result === "ok" ? colours.panel : colours.ink;
  label(context, `${request}: ${answer}`, x + 5, y, width - 8);
}

/** From an operation down to the machine that it was sent to. */
function drawThread(
  context: Context,
  { model, layout, colours }: Scene,
  operation: PageOperation,
  x: number,
  y: number,
): void {
  const machine = model.machine[operation.callEvent ?? -1];
  if (machine === undefined || machine < 0) return;
  context.strokeStyle = colours.bad;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(x, y + CLIENT_ROW / 2);
  context.lineTo(x, layout.machineY(machine));
  context.stroke();
  context.setLineDash([]);
}
