/** Each takes some hundred kilobytes and a run with everything recorded. */
const PAGES_MAX = 1000;

export function parsePages(input: string): number {
  const pages = /^\d{1,6}$/.test(input.trim()) ? Number(input) : Number.NaN;
  if (!(pages <= PAGES_MAX)) throw new Error(`expected a whole number from 0 to ${PAGES_MAX}`);
  return pages;
}
