/**
 * The candidate that was most likely meant by a text, or nothing when none is close: a wrong guess is worse
 * than none.
 */
export function suggest(text: string, candidates: readonly string[]): string | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    if (candidate.length > TEXT_LENGTH_MAX) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    const distanceMax = Math.floor(Math.max(wanted.length, candidate.length) / 3);
    if (distance > distanceMax || distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

const TEXT_LENGTH_MAX = 64;

/** What was expected in place of a text, to follow the word "expected", and what was likely meant by it. */
export interface Mistake {
  readonly expected: string;
  readonly suggestion: string | undefined;
}

/** "; did you mean "x"?", or nothing. */
export function didYouMean(text: string, candidates: readonly string[]): string {
  const meant = suggest(text, candidates);
  return meant === undefined ? "" : `; did you mean "${meant}"?`;
}

/** "a, b or c" */
export function alternatives(names: readonly string[]): string {
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

const NAMES_SHOWN_MAX = 12;

/** "the machines n1, n2 or n3", or only how many there are when a line could not hold them. */
export function oneOf(what: string, names: readonly string[]): string {
  if (names.length === 0) return `one of the ${what} (there are none)`;
  if (names.length > NAMES_SHOWN_MAX) return `one of the ${names.length} ${what}`;
  return `one of the ${what} ${alternatives(names)}`;
}

/**
 * Fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the other
 * (Damerau's distance, no part edited twice).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(replaced, at(previous, j) + 1, at(current, j - 1) + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, at(beforePrevious, j - 2) + 1);
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
