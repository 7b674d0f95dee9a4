/** All characters are equally wide in the font of the diagram, so text need not be measured. */
export const CHARACTER = 7.25;

/** Text in the room that it has, cut off where it ends; nothing where even a few characters do not fit. */
export function label(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
): void {
  const fits = Math.floor(room / CHARACTER);
  if (fits < 4) return;
  context.fillText(text.length <= fits ? text : `${text.slice(0, fits - 1)}…`, x, y + 0.5);
}
