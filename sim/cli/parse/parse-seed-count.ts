const SEEDS_MAX = 100_000;

/** Of one seed alone no interval can be told. */
export function parseSeedCount(input: string): number {
  const seeds = /^\d{1,6}$/.test(input.trim()) ? Number(input) : 0;
  if (seeds < 2 || seeds > SEEDS_MAX) throw new Error(`expected a whole number from 2 to ${SEEDS_MAX}`);
  return seeds;
}
