import type { TakenChoice } from "./taken-choices.ts";

/** How often the plan fails when all choices from a moment on are drawn anew. */
export interface FailureOdds {
  /** What is chosen earlier than this stays; `Infinity` for the run as it is. */
  readonly fromUs: number;
  readonly failures: number;
  readonly runs: number;
}

/** Where the odds change most. */
export interface Jump {
  readonly atUs: number;
  /** With the choices of that moment drawn anew, and with those after it. */
  readonly before: FailureOdds;
  readonly after: FailureOdds;
  /** What was chosen at that moment, in order. */
  readonly choices: readonly TakenChoice[];
  /** The one of these that makes most of the difference; null when several have to come together. */
  readonly decisive: TakenChoice | null;
}

export interface NoReturn {
  /** In the order of time: some moments over the whole run, and more of them where the odds jump. */
  readonly odds: readonly FailureOdds[];
  /** Null when no moment changes the odds by more than chance. */
  readonly jump: Jump | null;
}

/** Whether the run fails when its first choices stay, and those after come from another seed. */
export type Redraw = (choiceCount: number, seed: number) => Promise<boolean>;

const POINTS = 12;
/** A change of the odds that is smaller than this may be chance. */
const JUMP_MIN = 0.2;

/** Places among the choices, with the odds when all from there on are drawn anew. */
type Known = Map<number, FailureOdds>;

/**
 * Finds the point of no return: first the moment, then the choice. Nothing changes between two choices. Under one seed
 * a choice that is drawn anew is the same wherever the drawing began, so neighbours differ by what lies between them
 * alone.
 *
 * @param taken the choices of the run, in order
 * @param runs for each place, at least 50 for odds to within some 15 %
 */
export async function noReturn(
  taken: readonly TakenChoice[],
  runs: number,
  redraw: Redraw,
): Promise<NoReturn> {
  const known: Known = new Map();
  /** Where each moment begins among the choices, and the end of the run, from which on nothing is left to draw. */
  const moments = taken.flatMap(({ timeUs }, place) => (taken[place - 1]?.timeUs === timeUs ? [] : [place]));
  moments.push(taken.length);

  async function oddsAt(place: number): Promise<void> {
    if (known.has(place)) return;
    let failures = 0;
    for (let seed = 1; seed <= runs; seed++) if (await redraw(place, seed)) failures++;
    known.set(place, { fromUs: taken[place]?.timeUs ?? Number.POSITIVE_INFINITY, failures, runs });
  }

  /** Goes on in halves towards the largest jump, until it lies between two neighbours among the places. */
  async function narrow(
    places: readonly number[],
    changeMin: number,
  ): Promise<readonly [number, number] | null> {
    for (;;) {
      const jump = largestJump(places, known, changeMin);
      if (jump === null) return null;
      const [from, to] = jump.map((place) => places.indexOf(place)) as [number, number];
      if (to - from <= 1) return jump;
      await oddsAt(places[(from + to) >> 1] as number);
    }
  }

  const last = moments.length - 1;
  for (let point = 0; point <= POINTS; point++)
    await oddsAt(moments[Math.round((last * point) / POINTS)] ?? 0);
  const jump = await narrow(moments, JUMP_MIN);
  const odds = moments.flatMap((place) => known.get(place) ?? []);
  if (jump === null) return { odds, jump: null };
  const [first, end] = jump;
  const most = Math.max(JUMP_MIN, changeOf(known, first, end) / 2);
  const all = Array.from({ length: end - first + 1 }, (_, index) => first + index);
  const within = await narrow(all, most);
  return {
    odds,
    jump: {
      atUs: taken[first]?.timeUs ?? 0,
      before: known.get(first) as FailureOdds,
      after: known.get(end) as FailureOdds,
      choices: taken.slice(first, end),
      decisive: within === null ? null : (taken[within[0]] ?? null),
    },
  };
}

/** The neighbours, of the places whose odds are known, between which they change most, if that is no chance. */
function largestJump(
  places: readonly number[],
  known: Known,
  changeMin: number,
): readonly [number, number] | null {
  const measured = places.filter((place) => known.has(place));
  let largest: readonly [number, number] | null = null;
  let size = changeMin;
  for (let index = 1; index < measured.length; index++) {
    const [from, to] = [measured[index - 1] as number, measured[index] as number];
    const change = changeOf(known, from, to);
    if (change > size) {
      size = change;
      largest = [from, to];
    }
  }
  return largest;
}

function changeOf(known: Known, from: number, to: number): number {
  return Math.abs(shareOf(known.get(to)) - shareOf(known.get(from)));
}

function shareOf(odds: FailureOdds | undefined): number {
  return odds === undefined ? 0 : odds.failures / odds.runs;
}
