import type { Context, Scene } from "./draw.ts";
import type { RunModel } from "./run-model.ts";

const HEIGHT = 44;

/** The whole run in one strip: how much happened when, where it was broken, and what the diagram shows of it. */
export function drawOverview(
  context: Context,
  { model, view, colours }: Scene,
  width: number,
  bins: Float64Array,
): void {
  const { payload, timeUs } = model;
  const { endUs } = payload;
  context.clearRect(0, 0, width, HEIGHT);
  const xAt = (us: number): number => (us / endUs) * width;
  context.fillStyle = colours.fault;
  for (const { startUs, endUs: stopUs } of payload.faults) {
    context.fillRect(xAt(startUs), 0, Math.max(1, xAt(stopUs) - xAt(startUs)), HEIGHT);
  }
  const highest = Math.max(1, ...bins);
  context.fillStyle = colours.message;
  for (const [bin, events] of bins.entries()) {
    if (events === 0) continue;
    const height = Math.max(1, Math.sqrt(events / highest) * (HEIGHT - 8));
    context.fillRect(bin * 2, HEIGHT - height, 1.5, height);
  }
  context.fillStyle = colours.bad;
  for (const { event } of payload.violations) {
    if (event === null) continue;
    context.fillRect(xAt(timeUs[event] ?? 0) - 1, 0, 2.5, HEIGHT);
  }
  const [from, to] = [Math.max(0, xAt(view.fromUs)), Math.min(width, xAt(view.toUs))];
  context.globalAlpha = 0.55;
  context.fillStyle = colours.raised;
  context.fillRect(0, 0, from, HEIGHT);
  context.fillRect(to, 0, width - to, HEIGHT);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.strokeRect(from + 1, 1, Math.max(4, to - from - 2), HEIGHT - 2);
  context.lineWidth = 1;
}

/** How many events there are in each two pixels of the strip. */
export function countBins({ payload, timeUs, count }: RunModel, width: number): Float64Array {
  const bins = new Float64Array(Math.max(1, Math.floor(width / 2)));
  for (let event = 0; event < count; event++) {
    const bin = Math.min(bins.length - 1, Math.floor(((timeUs[event] ?? 0) / payload.endUs) * bins.length));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
