import type { Plan } from "../../run/plan.ts";

/** How often the plan fails when all choices from a moment on are drawn anew. */
export interface FailureOdds {
  /** What is chosen earlier than this stays; `Infinity` for the run as it is. */
  readonly fromUs: number;
  readonly failures: number;
  readonly runs: number;
}

export interface NoReturn {
  /** In the order of time: some moments over the whole run, and more of them where the odds jump. */
  readonly odds: readonly FailureOdds[];
  /**
   * The moment whose choices change the odds most: before them a failure is as likely as `odds` says of it, after them
   * as it says of the next moment. Null when no choice changes anything.
   */
  readonly jumpUs: number | null;
}

/** How a plan ends whose choices from `fromUs` on come from another seed. */
export type Redraw = (plan: Plan, fromUs: number, seed: number) => Promise<boolean>;

const POINTS = 12;
/** A change of the odds that is smaller than this may be chance. */
const JUMP_MIN = 0.2;

/**
 * Finds the point of no return. Moments are those at which choices are taken, since nothing changes in between.
 *
 * @param momentsUs when the run takes choices, in order, each moment once
 * @param runs for each moment, at least 50 for odds to within some 15 %
 */
export async function noReturn(
  plan: Plan,
  momentsUs: readonly number[],
  runs: number,
  redraw: Redraw,
): Promise<NoReturn> {
  const known = new Map<number, FailureOdds>();
  const moments = [...momentsUs, Number.POSITIVE_INFINITY];
  const last = moments.length - 1;

  async function oddsAt(place: number): Promise<FailureOdds> {
    const fromUs = moments[place] as number;
    const before = known.get(place);
    if (before !== undefined) return before;
    let failures = 0;
    // From the end of the run on there is nothing left to draw.
    for (let seed = 1; seed <= runs; seed++) if (await redraw(plan, fromUs, seed)) failures++;
    const odds = { fromUs, failures, runs };
    known.set(place, odds);
    return odds;
  }

  for (let point = 0; point <= POINTS; point++) await oddsAt(Math.round((last * point) / POINTS));
  let jump = largestJump(known);
  while (jump !== null && jump[1] - jump[0] > 1) {
    await oddsAt(Math.floor((jump[0] + jump[1]) / 2));
    jump = largestJump(known);
  }
  const places = [...known.keys()].sort((a, b) => a - b);
  return {
    odds: places.map((place) => known.get(place) as FailureOdds),
    jumpUs: jump === null ? null : (moments[jump[0]] as number),
  };
}

/** The neighbours between which the odds change most, if that is no chance. */
function largestJump(known: ReadonlyMap<number, FailureOdds>): readonly [number, number] | null {
  const places = [...known.keys()].sort((a, b) => a - b);
  let largest: readonly [number, number] | null = null;
  let size = JUMP_MIN;
  for (let index = 1; index < places.length; index++) {
    const [from, to] = [places[index - 1] as number, places[index] as number];
    const change = Math.abs(shareOf(known.get(to)) - shareOf(known.get(from)));
    if (change > size) {
      size = change;
      largest = [from, to];
    }
  }
  return largest;
}

function shareOf(odds: FailureOdds | undefined): number {
  return odds === undefined ? 0 : odds.failures / odds.runs;
}
