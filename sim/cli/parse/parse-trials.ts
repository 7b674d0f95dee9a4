const TRIALS_MIN = 1000;
const TRIALS_MAX = 1_000_000;

/** Fewer trials say nothing of a share of one in a thousand. */
export function parseTrials(input: string): number {
  const trials = /^\d{1,9}$/.test(input.trim()) ? Number(input) : 0;
  if (trials < TRIALS_MIN || trials > TRIALS_MAX) {
    throw new Error(`expected a whole number from ${TRIALS_MIN} to ${TRIALS_MAX}`);
  }
  return trials;
}
