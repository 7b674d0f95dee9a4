import type { StudyPoint } from "./study-data.ts";

/** One measure along one side of the picture. */
export interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** About so many; the steps are round numbers. */
const TICKS_WANTED = 6;

/**
 * From the values of all points and their intervals, with some room, to places in the picture.
 *
 * @param from where the axis begins
 * @param to where it ends, which may be above
 */
export function axisOf(
  rows: readonly StudyPoint[],
  measure: number,
  unit: string,
  from: number,
  to: number,
): Axis {
  const values = rows.flatMap((row) => {
    const { value = null, low = null, high = null } = row.estimates[measure] ?? {};
    return [value, low, high].filter((each): each is number => each !== null);
  });
  const least = Math.min(...values);
  const most = Math.max(...values);
  const step = roundStep((most - least || Math.abs(most) || 1) / TICKS_WANTED);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  const place = (value: number): number => from + ((value / step - first) / (last - first)) * (to - from);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const value = Number(((first + index) * step).toPrecision(6));
    return { at: place(value), text: tickText(value, unit) };
  });
  return { place, ticks };
}

/** 1, 2 or 5 times a power of ten, not below. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 5].find((each) => each * power >= width) ?? 10) * power;
}

function tickText(value: number, unit: string): string {
  return unit === "share" ? `${Number((value * 100).toPrecision(4))}%` : String(value);
}
