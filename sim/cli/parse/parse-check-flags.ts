export function parseMillis(text: string): number {
  const ms = Number(text);
  if (text.trim() === "" || !Number.isFinite(ms) || ms < 0) throw new Error("expected milliseconds, as in 5");
  return ms;
}

const STEPS_MAX = 1_000_000_000;

export function parseSteps(text: string): number {
  const steps = Number(text.replaceAll(/[_,]/g, ""));
  if (!Number.isInteger(steps) || steps < 1 || steps > STEPS_MAX) {
    throw new Error("expected a whole number of steps, from 1 to 1,000,000,000");
  }
  return steps;
}
