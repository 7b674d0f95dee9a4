/** The stretch of time that is shown, and how it lies on the screen. */
export interface View {
  readonly fromUs: number;
  readonly toUs: number;
  /** Left and right edge of the stretch, in CSS pixels. */
  readonly left: number;
  readonly right: number;
}

/** Less than this would show nothing but one event. */
const SPAN_US_MIN = 50;

export function xOf({ fromUs, toUs, left, right }: View, us: number): number {
  return left + ((us - fromUs) / (toUs - fromUs)) * (right - left);
}

export function usAt({ fromUs, toUs, left, right }: View, x: number): number {
  return fromUs + ((x - left) / (right - left)) * (toUs - fromUs);
}

/** The same stretch closer by `factor`, the moment at `x` staying where it is. */
export function zoomed(view: View, factor: number, x: number, endUs: number): View {
  const at = usAt(view, x);
  const span = Math.min(endUs * 1.04, Math.max(SPAN_US_MIN, (view.toUs - view.fromUs) / factor));
  const share = (x - view.left) / (view.right - view.left);
  return clamped({ ...view, fromUs: at - share * span, toUs: at + (1 - share) * span }, endUs);
}

export function panned(view: View, pixels: number, endUs: number): View {
  const us = (pixels / (view.right - view.left)) * (view.toUs - view.fromUs);
  return clamped({ ...view, fromUs: view.fromUs + us, toUs: view.toUs + us }, endUs);
}

export function showing(view: View, fromUs: number, toUs: number, endUs: number): View {
  const span = Math.max(SPAN_US_MIN, toUs - fromUs);
  const middle = (fromUs + toUs) / 2;
  return clamped({ ...view, fromUs: middle - span / 2, toUs: middle + span / 2 }, endUs);
}

/** Not beyond the run, but for a little air at its ends. */
function clamped(view: View, endUs: number): View {
  const air = endUs * 0.02;
  const span = Math.min(view.toUs - view.fromUs, endUs + 2 * air);
  const fromUs = Math.max(-air, Math.min(view.fromUs, endUs + air - span));
  return { ...view, fromUs, toUs: fromUs + span };
}

/** Round steps for the ruler: 1, 2 or 5 of a power of ten, at least `pixels` apart. */
export function rulerStepUs(view: View, pixels: number): number {
  const wanted = ((view.toUs - view.fromUs) / (view.right - view.left)) * pixels;
  let step = 1;
  for (let turn = 0; step < wanted; turn++) step *= turn % 3 === 1 ? 2.5 : 2;
  return Math.round(step);
}

/** "1.2 s", "340 ms", "12.35 ms", with as many digits as the step needs. */
export function momentText(us: number, stepUs: number): string {
  if (stepUs >= 100_000) return `${(us / 1_000_000).toFixed(stepUs >= 1_000_000 ? 0 : 1)} s`;
  const digits = stepUs >= 1000 ? 0 : stepUs >= 100 ? 1 : stepUs >= 10 ? 2 : 3;
  return `${(us / 1000).toFixed(digits)} ms`;
}
