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

/** What a machine goes through, behind its lane: being no member, faults, being down. */
export function drawBands(context: Context, scene: Scene): number {
  const { layout, model, colours } = scene;
  let shapes = 0;
  const band = (machine: number, startUs: number, endUs: number): void => {
    const place = seen(scene, startUs, endUs);
    if (place === null) return;
    const [x, width] = place;
    context.fillRect(x, layout.machineY(machine) - MACHINE_ROW / 2 + 3, width, MACHINE_ROW - 6);
    shapes++;
  };
  context.fillStyle = colours.absent;
  for (const { machine, startUs, endUs } of model.payload.absences) band(machine, startUs, endUs);
  context.fillStyle = colours.fault;
  context.globalAlpha = 0.35;
  for (const { machines, startUs, endUs } of model.payload.faults) {
    for (const machine of machines) band(machine, startUs, endUs);
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.down;
  for (const { machine, startUs, endUs } of model.outages) band(machine, startUs, endUs);
  return shapes;
}

/** How many lines of words there are over a machine's lane, and how high one is. */
const WORD_ROWS = 2;
const WORD_ROW = 12;

/** The words for the bands of each machine. What happens to most machines at once is only said on top. */
export function drawBandWords(context: Context, scene: Scene): void {
  const { layout, model, colours } = scene;
  const { absences, faults } = model.payload;
  const words = [
    ...absences.map(({ machine, startUs, endUs }) => ({
      machine,
      startUs,
      endUs,
      text: "no member",
      ink: colours.soft,
    })),
    ...model.outages.map(({ machine, startUs, endUs }) => ({
      machine,
      startUs,
      endUs,
      text: "down",
      ink: colours.bad,
    })),
    ...faults.flatMap(({ machines, startUs, endUs, label: text }) =>
      machines.length > Math.max(1, layout.machineCount / 2)
        ? []
        : machines.map((machine) => ({ machine, startUs, endUs, text, ink: colours["fault-ink"] })),
    ),
  ].sort((a, b) => a.startUs - b.startUs);
  const freeFrom = new Float64Array(layout.machineCount * WORD_ROWS).fill(Number.NEGATIVE_INFINITY);
  for (const { machine, startUs, endUs, text, ink } of words) {
    const place = seen(scene, startUs, endUs);
    if (place === null) continue;
    const [x, width] = place;
    const length = Math.max(text.length * CHARACTER + 4, Math.min(width, 30));
    const row = [...Array(WORD_ROWS).keys()].find((each) => (freeFrom[machine * WORD_ROWS + each] ?? 0) <= x);
    if (row === undefined) continue;
    freeFrom[machine * WORD_ROWS + row] = x + length + 6;
    const y = layout.machineY(machine) - MACHINE_ROW / 2 + 10 + row * WORD_ROW;
    wordsOnGround(context, scene, text, x + 3, y, ink);
  }
}

/** Words that can be read over lines. */
function wordsOnGround(
  context: Context,
  { colours }: Scene,
  text: string,
  x: number,
  y: number,
  ink: string,
): void {
  context.fillStyle = colours.panel;
  context.globalAlpha = 0.8;
  context.fillRect(x, y - 6, text.length * CHARACTER + 4, 12);
  context.globalAlpha = 1;
  context.fillStyle = ink;
  context.fillText(text, x + 2, y + 0.5);
}

/** Faults, and changes of the cluster, as labelled bars on top. Words may run on beyond a bar as far as there is room. */
export function drawFaults(context: Context, scene: Scene): number {
  const { layout, model, view, colours } = scene;
  const { changes } = model.payload;
  let shapes = 0;
  const nextX = new Map<number, number>();
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
    label(context, text, x + 6, y + FAULT_ROW / 2, (nextX.get(y) ?? view.right) - x - 10);
    nextX.set(y, x);
    shapes++;
  };
  // From the end on, so that for each the room up to the next one is known.
  for (const { fault, y } of layout.faults.toReversed()) {
    bar(y, fault.startUs, fault.endUs, fault.text, colours.fault, colours["fault-ink"]);
  }
  for (const { text, startUs, endUs, isDone } of changes.toReversed()) {
    const said = isDone ? text : `${text}: NOT DONE`;
    bar(layout.changesY ?? 0, startUs, endUs, said, colours.change, colours.accent);
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
    if (machine < 0) continue;
    const y = layout.machineY(machine);
    if (y < top || y > bottom) continue;
    const x = xOf(view, us);
    const room = Math.min(view.right, lastX[machine] ?? 0) - x;
    // Of marks on the same pixels one is seen.
    if (room < 2) continue;
    lastX[machine] = x;
    context.fillStyle = markColour(model.kind(event), scene);
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.fill();
    const fits = Math.floor((room - 14) / CHARACTER);
    const text = model.text(event);
    const said = text.length <= fits ? text : `${text.slice(0, fits - 1)}…`;
    if (fits > 6) wordsOnGround(context, scene, said, x + 4, y + MACHINE_ROW / 2 - 9, colours.ink);
    shapes++;
  }
  return shapes;
}

function markColour(kind: string, { colours }: Scene): string {
  return kind.startsWith("hook.detour") || kind.startsWith("operator.")
    ? colours.accent
    : colours["fault-ink"];
}
