import type { Context, Scene } from "./draw.ts";
import type { Arrow } from "./run-model.ts";
import { xOf } from "./view.ts";

/** Stroking a path takes more than twice as long when it has twice as many lines. */
const LINES_PER_PATH = 64;
/** More lines than this are no longer seen one by one: then those are left out that would lie beside each other. */
const LINES_MAX = 1500;

/** Messages as lines from where they were sent to where they arrived; lost ones break off, with a cross. */
export function drawArrows(context: Context, scene: Scene): number {
  const { view, colours } = scene;
  const { delivered, lost } = seenArrows(scene);
  const shown = thinned(delivered, scene, 1.5);
  const hasHeads = shown.length < (view.right - view.left) * 0.5;
  context.strokeStyle = colours.message;
  context.fillStyle = colours.message;
  context.globalAlpha = shown.length > LINES_MAX / 2 ? 0.55 : 0.9;
  strokeEach(context, shown, (arrow) => {
    context.moveTo(xOf(view, arrow.startUs), scene.layout.machineY(arrow.from));
    context.lineTo(xOf(view, arrow.endUs), scene.layout.machineY(arrow.to));
  });
  if (hasHeads) drawHeads(context, scene, shown);
  context.globalAlpha = 1;
  const broken = thinned(lost, scene, 1);
  drawLost(context, scene, broken);
  return shown.length + broken.length;
}

/** The messages of which something can be seen, in the order in which they were sent. */
function seenArrows({
  model,
  layout,
  view,
  mask,
  top,
  bottom,
}: Scene): Record<"delivered" | "lost", Arrow[]> {
  const delivered: Arrow[] = [];
  const lost: Arrow[] = [];
  for (const arrow of model.arrows) {
    if (arrow.startUs > view.toUs) break;
    if (arrow.endUs < view.fromUs || arrow.from < 0 || arrow.to < 0) continue;
    if (mask[arrow.send] === 0 && mask[arrow.end] === 0) continue;
    const [y1, y2] = [layout.machineY(arrow.from), layout.machineY(arrow.to)];
    if (Math.max(y1, y2) < top || Math.min(y1, y2) > bottom) continue;
    (arrow.fate === "lost" ? lost : delivered).push(arrow);
  }
  return { delivered, lost };
}

/**
 * Of the messages between two machines that begin within the same few pixels, the first. The pixels are counted from
 * the start of the run, so that panning always shows the same ones.
 */
function thinned(arrows: readonly Arrow[], { view, layout }: Scene, pixels: number): readonly Arrow[] {
  const usPerPixel = (view.toUs - view.fromUs) / (view.right - view.left);
  const { machineCount } = layout;
  for (let width = pixels; ; width *= 2) {
    const lastCell = new Float64Array(machineCount * machineCount).fill(-1);
    const kept = arrows.filter(({ from, to, startUs }) => {
      const pair = from * machineCount + to;
      const cell = Math.floor(startUs / usPerPixel / width);
      if (lastCell[pair] === cell) return false;
      lastCell[pair] = cell;
      return true;
    });
    if (kept.length <= LINES_MAX || width > 16) return kept;
  }
}

function strokeEach(context: Context, arrows: readonly Arrow[], line: (arrow: Arrow) => void): void {
  for (let first = 0; first < arrows.length; first += LINES_PER_PATH) {
    context.beginPath();
    for (const arrow of arrows.slice(first, first + LINES_PER_PATH)) line(arrow);
    context.stroke();
  }
}

function drawHeads(context: Context, { layout, view }: Scene, arrows: readonly Arrow[]): void {
  context.beginPath();
  for (const { from, to, startUs, endUs, fate } of arrows) {
    if (fate !== "delivered") continue;
    head(context, xOf(view, startUs), layout.machineY(from), xOf(view, endUs), layout.machineY(to));
  }
  context.fill();
}

/** How far a lost message is seen to get. */
const LOST_SHARE = 0.55;

function drawLost(context: Context, { layout, view, colours }: Scene, lost: readonly Arrow[]): void {
  context.strokeStyle = colours.lost;
  strokeEach(context, lost, ({ from, to, startUs, endUs }) => {
    const [x1, y1] = [xOf(view, startUs), layout.machineY(from)];
    // What is dropped at once would be an upright line: it leans a little, as if it had travelled.
    const x2 = Math.max(xOf(view, endUs), x1 + 10);
    const [x, y] = [x1 + (x2 - x1) * LOST_SHARE, y1 + (layout.machineY(to) - y1) * LOST_SHARE];
    context.moveTo(x1, y1);
    context.lineTo(x, y);
    context.moveTo(x - 3.5, y - 3.5);
    context.lineTo(x + 3.5, y + 3.5);
    context.moveTo(x + 3.5, y - 3.5);
    context.lineTo(x - 3.5, y + 3.5);
  });
}

function head(context: Context, x1: number, y1: number, x2: number, y2: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 10) return;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [x, y] = [x2 - dx * 3, y2 - dy * 3];
  context.moveTo(x, y);
  context.lineTo(x - dx * 8 - dy * 3, y - dy * 8 + dx * 3);
  context.lineTo(x - dx * 8 + dy * 3, y - dy * 8 - dx * 3);
}

/** What led to the selected event, as one line through space and time, and the event itself. */
export function drawChain(context: Context, { model, layout, view, colours, selection }: Scene): void {
  const { chain, event } = selection;
  if (event < 0) return;
  const place = (at: number): [number, number] => {
    const machine = model.machine[at] ?? -1;
    return [
      xOf(view, model.timeUs[at] ?? 0),
      machine < 0 ? layout.rulerHeight + 8 : layout.machineY(machine),
    ];
  };
  const line = (events: readonly number[]): void => {
    context.beginPath();
    for (const [step, at] of events.entries()) {
      const [x, y] = place(at);
      if (step === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  };
  // What the same client did before is a cause as well, but of another operation.
  const own = chain.findIndex((at) => model.activity(at) === model.activity(event));
  context.strokeStyle = colours.accent;
  context.fillStyle = colours.accent;
  context.lineJoin = "round";
  context.lineWidth = 1.5;
  context.globalAlpha = 0.35;
  context.setLineDash([6, 4]);
  line(chain.slice(0, own + 1));
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  line(chain.slice(own));
  for (const at of chain.slice(own)) {
    const [x, y] = place(at);
    if (x < view.left - 9 || x > view.right + 9) continue;
    context.beginPath();
    context.arc(x, y, at === event ? 4.5 : 3.2, 0, 2 * Math.PI);
    context.fill();
  }
  const [x, y] = place(event);
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.stroke();
  context.lineWidth = 1;
}
