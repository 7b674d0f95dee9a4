import type { Context, Scene } from "./draw.ts";
import { CHARACTER, label } from "./draw-label.ts";
import { FAULT_ROW, MACHINE_ROW } from "./layout.ts";
import { xOf } from "./view.ts";

/** Of a stretch of time what can be seen, as left edge and width in pixels; null when that is nothing. */
function seen({ view }: Scene, startUs: number, endUs: number): readonly [x: number, width: number] | null {
  const [from, to] = [xOf(view, startUs), Math.max(xOf(view, endUs), xOf(view, startUs) + 2)];
  if (to <= view.left || from >= view.right) return null;
  const x = Math.max(from, view.left - 1);
  return [x, Math.min(to, view.right + 1) - x];
}

/** How many lines of words fit over a machine's lane, and how high one is. */
const WORD_ROWS = 2;
const WORD_ROW = 12;

/** What a machine goes through, behind its lane, with the word for it: faults, being down, being no member. */
export function drawBands(context: Context, scene: Scene): number {
  const { layout, model, colours } = scene;
  let shapes = 0;
  const band = (machine: number, startUs: number, endUs: number, text: string, row: number, ink: string) => {
    const place = seen(scene, startUs, endUs);
    if (place === null) return;
    const [x, width] = place;
    const y = layout.machineY(machine) - MACHINE_ROW / 2;
    context.fillRect(x, y + 3, width, MACHINE_ROW - 6);
    shapes++;
    if (row >= WORD_ROWS) return;
    const ground = context.fillStyle;
    const alpha = context.globalAlpha;
    context.fillStyle = ink;
    context.globalAlpha = 1;
    label(context, text, x + 5, y + 10 + row * WORD_ROW, width - 8);
    context.fillStyle = ground;
    context.globalAlpha = alpha;
  };
  context.fillStyle = colours.absent;
  for (const { machine, startUs, endUs } of model.payload.absences) {
    band(machine, startUs, endUs, "no member", 0, colours.soft);
  }
  context.fillStyle = colours.fault;
  context.globalAlpha = 0.35;
  for (const { fault, row } of layout.faults) {
    for (const machine of fault.machines) {
      band(machine, fault.startUs, fault.endUs, fault.label, row, colours["fault-ink"]);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.down;
  for (const { machine, startUs, endUs } of model.outages) {
    band(machine, startUs, endUs, "down", 1, colours.bad);
  }
  return shapes;
}

/** Faults, and changes of the cluster, as labelled bars on top. */
export function drawFaults(context: Context, scene: Scene): number {
  const { layout, model, colours } = scene;
  let shapes = 0;
  const bar = (
    y: number,
    startUs: number,
    endUs: number,
    text: string,
    ground: string,
    ink: string,
  ): void => {
    const place = seen(scene, startUs, endUs);
    if (place === null) return;
    const [x, width] = place;
    context.fillStyle = ground;
    context.fillRect(x, y + 2, width, FAULT_ROW - 4);
    context.fillStyle = ink;
    context.fillRect(x, y + 2, 2, FAULT_ROW - 4);
    label(context, text, x + 6, y + FAULT_ROW / 2, width - 10);
    shapes++;
  };
  for (const { fault, y } of layout.faults) {
    bar(y, fault.startUs, fault.endUs, fault.text, colours.fault, colours["fault-ink"]);
  }
  for (const { text, startUs, endUs, isDone } of model.payload.changes) {
    bar(
      layout.changesY ?? 0,
      startUs,
      endUs,
      isDone ? text : `${text}: NOT DONE`,
      colours.change,
      colours.accent,
    );
  }
  return shapes;
}

/** What happens to a machine in a moment, as a diamond on its lane, with words where there is room for them. */
export function drawMarks(context: Context, scene: Scene): number {
  const { model, layout, view, colours, mask, top, bottom } = scene;
  const lastX = new Float64Array(layout.machineCount).fill(Number.POSITIVE_INFINITY);
  let shapes = 0;
  // From the end on, so that for each the room up to the next one is known.
  for (let place = model.marks.length - 1; place >= 0; place--) {
    const event = model.marks[place] ?? 0;
    const us = model.timeUs[event] ?? 0;
    if (us > view.toUs || mask[event] === 0) continue;
    if (us < view.fromUs) break;
    const machine = model.machine[event] ?? -1;
    const y = machine < 0 ? layout.rulerHeight + FAULT_ROW / 2 : layout.machineY(machine);
    if (y < top || y > bottom) continue;
    const x = xOf(view, us);
    const room = Math.min(view.right, machine < 0 ? view.right : (lastX[machine] ?? 0)) - x;
    // Of marks on the same pixels one is seen.
    if (room < 2) continue;
    if (machine >= 0) lastX[machine] = x;
    context.fillStyle = markColour(model.kind(event), scene);
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.fill();
    if (machine >= 0 && room > 8 * CHARACTER) {
      context.fillStyle = colours.ink;
      label(context, model.text(event), x + 9, y + MACHINE_ROW / 2 - 9, room - 14);
    }
    shapes++;
  }
  return shapes;
}

function markColour(kind: string, { colours }: Scene): string {
  return kind.startsWith("hook.detour") || kind.startsWith("operator.")
    ? colours.accent
    : colours["fault-ink"];
}
