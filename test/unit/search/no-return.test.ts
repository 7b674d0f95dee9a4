import { describe, expect, test } from "vitest";
import { operationCause } from "../../../sim/kernel/cause.ts";
import { type Chooser, createSeededChooser, mildestChooser, site } from "../../../sim/kernel/choices.ts";
import { type NoReturn, noReturn } from "../../../sim/search/explain/no-return.ts";
import { notingChoices, redrawnAfter, type TakenChoice } from "../../../sim/search/explain/taken-choices.ts";

/** A run of choices, of which each takes place at a time of its own or shares one, and that fails if its values do. */
interface ToyRun {
  readonly timesUs: readonly number[];
  readonly fails: (values: readonly number[]) => boolean;
}

const place = site("place");
const RUNS = 50;

function play({ timesUs }: ToyRun, wrap: (usual: Chooser, nowUs: () => number) => Chooser): number[] {
  let now = 0;
  const chooser = wrap(mildestChooser, () => now);
  return timesUs.map((timeUs, index) => {
    now = timeUs;
    return chooser.quantile(place, operationCause(`c${index}`), 0);
  });
}

async function found(run: ToyRun): Promise<NoReturn & { readonly redrawn: number }> {
  const taken: TakenChoice[] = [];
  expect(
    run.fails(
      play(
        run,
        notingChoices(taken, () => 0),
      ),
    ),
  ).toBe(true);
  let redrawn = 0;
  const result = await noReturn(taken, RUNS, (choiceCount, seed) => {
    redrawn++;
    return Promise.resolve(run.fails(play(run, redrawnAfter(choiceCount, createSeededChooser(seed)))));
  });
  return { ...result, redrawn };
}

/** `count` choices, `perMoment` of them at each moment. */
function times(count: number, perMoment = 1): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(index / perMoment) * 10);
}

describe("the point of no return", () => {
  test.each([0, 7, 99, 199])("is the one choice of many that decides, number %i", async (decisive) => {
    const fails = (values: readonly number[]): boolean => (values[decisive] ?? 1) < 0.1;
    const { odds, jump, redrawn } = await found({ timesUs: times(200, 8), fails });
    expect(jump?.decisive?.identity).toBe(`place c${decisive} 0`);
    expect(jump?.atUs).toBe(Math.floor(decisive / 8) * 10);
    expect(jump?.after.failures).toBe(RUNS);
    expect(jump?.before.failures).toBeLessThan(RUNS / 4);
    expect(jump?.choices).toHaveLength(8);
    // In halves: 13 moments, then log2 of what lies between two of them, and of the choices of one.
    expect(redrawn / RUNS).toBeLessThanOrEqual(13 + 2 + 3);
    const fromUs = odds.map((each) => each.fromUs);
    expect(fromUs).toEqual([...new Set(fromUs)].sort((a, b) => a - b));
    expect(odds.at(-1)).toEqual({ fromUs: Number.POSITIVE_INFINITY, failures: RUNS, runs: RUNS });
  });

  test("is a moment, and no choice, when several choices of it have to come together", async () => {
    const together = [8, 9, 10, 11];
    const fails = (values: readonly number[]): boolean =>
      together.every((index) => (values[index] ?? 1) < 0.85);
    const { jump } = await found({ timesUs: times(40, 4), fails });
    expect(jump).toMatchObject({ atUs: 20, decisive: null });
    expect(jump?.choices.map(({ identity }) => identity)).toEqual(
      together.map((index) => `place c${index} 0`),
    );
  });

  test("is nowhere when nothing that is chosen matters", async () => {
    const { odds, jump } = await found({ timesUs: times(100), fails: () => true });
    expect(jump).toBeNull();
    expect(odds.every(({ failures }) => failures === RUNS)).toBe(true);
  });

  test("is nowhere in a run without choices", async () => {
    expect(await found({ timesUs: [], fails: () => true })).toMatchObject({
      odds: [{ fromUs: Number.POSITIVE_INFINITY, failures: RUNS }],
      jump: null,
    });
  });
});
