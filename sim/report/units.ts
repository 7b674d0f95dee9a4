/** "12,345" */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 seed", "1,200 seeds" */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** "312,000": with the digits that mean something in a measurement. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return "-";
  if (perSecond < 1000) return count(perSecond);
  const unit = 10 ** (Math.floor(Math.log10(perSecond)) - 2);
  return count(Math.round(perSecond / unit) * unit);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A length of time in the two units that matter: "850 ms", "12.5 s", "3 m 20 s", "1 h 40 m", "2 d 3 h". */
export function span(ms: number): string {
  if (ms < SECOND - 0.5) return `${Math.round(ms)} ms`;
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR - SECOND / 2) return two(ms, MINUTE, "m", SECOND, "s");
  if (ms < DAY - MINUTE / 2) return two(ms, HOUR, "h", MINUTE, "m");
  if (ms < YEAR) return two(ms, DAY, "d", HOUR, "h");
  return `${(ms / YEAR).toFixed(1)} years`;
}

function two(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const smalls = Math.round(ms / small);
  const perLarge = large / small;
  return `${Math.floor(smalls / perLarge)} ${largeUnit} ${smalls % perLarge} ${smallUnit}`;
}

/** A point of virtual time in milliseconds, exact to the microsecond: "1204.350". */
export function instant(us: number): string {
  return us === Number.POSITIVE_INFINITY ? "never" : (us / 1000).toFixed(3);
}

/** Intervals of virtual time, one under the other: "  80.918 to 2407.162". */
export function intervals(list: readonly { readonly fromUs: number; readonly toUs: number }[]): string[] {
  const fromWidth = Math.max(0, ...list.map(({ fromUs }) => instant(fromUs).length));
  const toWidth = Math.max(0, ...list.map(({ toUs }) => instant(toUs).length));
  return list.map(
    ({ fromUs, toUs }) => `${instant(fromUs).padStart(fromWidth)} to ${instant(toUs).padStart(toWidth)}`,
  );
}

/** Milliseconds as a plan gives them, in the unit that reads best: "20 ms", "1.5 s". */
export function exactSpan(ms: number): string {
  return ms < SECOND ? `${ms} ms` : `${ms / SECOND} s`;
}

/** "5 %" */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
