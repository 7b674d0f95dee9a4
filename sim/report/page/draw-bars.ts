import type { Context, Scene } from "./draw.ts";
import { CLIENT_ROW, FAULT_ROW, MACHINE_ROW } from "./layout.ts";
import type { PageOperation } from "./payload.ts";
import { xOf } from "./view.ts";

const BAR = 13;

/** Faults as labelled bars on top, and as stripes behind the machines that they happen to. */
export function drawFaults(context: Context, { layout, view, colours }: Scene): number {
  let shapes = 0;
  context.save();
  context.beginPath();
  context.rect(view.left, 0, view.right - view.left, layout.height);
  context.clip();
  for (const { fault, y } of layout.faults) {
    const [from, to] = [
      xOf(view, fault.startUs),
      Math.max(xOf(view, fault.endUs), xOf(view, fault.startUs) + 2),
    ];
    if (to < view.left || from > view.right) continue;
    context.fillStyle = colours.fault;
    context.globalAlpha = 0.35;
    for (const machine of fault.machines) {
      context.fillRect(from, layout.machineY(machine) - MACHINE_ROW / 2 + 2, to - from, MACHINE_ROW - 4);
    }
    context.globalAlpha = 1;
    context.fillRect(from, y + 2, to - from, FAULT_ROW - 4);
    context.fillStyle = colours["fault-ink"];
    context.fillRect(from, y + 2, 2, FAULT_ROW - 4);
    const start = Math.max(from, view.left) + 6;
    label(context, fault.text, start, y + FAULT_ROW / 2, to - start - 4);
    shapes++;
  }
  context.restore();
  return shapes;
}

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

/** All characters are equally wide in this font, so it need not be measured. */
const CHARACTER = 7.25;

function label(context: Context, text: string, x: number, y: number, room: number): void {
  const fits = Math.floor(room / CHARACTER);
  if (fits < 4) return;
  context.fillText(text.length <= fits ? text : `${text.slice(0, fits - 1)}…`, x, y + 0.5);
}
