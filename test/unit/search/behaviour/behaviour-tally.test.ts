import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BehaviourTally,
  mergeBehaviours,
  noBehaviour,
  tallyBehaviour,
  TRANSITIONS_KEPT,
} from "../../../../sim/search/behaviour-tally.ts";
import { noveltyOf } from "../../../../sim/search/novelty.ts";

const rising = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
const runs = fc.array(fc.array(fc.nat(60)).map(rising), { minLength: 1, maxLength: 30 });

function tallyOf(seed: number, transitions: readonly number[]): BehaviourTally {
  return tallyBehaviour(seed, {
    features: transitions.map((each) => `probe/${each % 7}`).sort(),
    transitions,
  });
}

test("every transition is told with the lowest seed that shows it, in whatever order seeds come", () => {
  fc.assert(
    fc.property(runs, fc.infiniteStream(fc.nat(1000)), (list, numbers) => {
      const tallies = list.map((transitions, index) => tallyOf(index + 1, transitions));
      const groups: BehaviourTally[] = [noBehaviour, ...tallies];
      const next = (bound: number): number => (numbers.next().value as number) % bound;
      while (groups.length > 1) {
        const [a] = groups.splice(next(groups.length), 1);
        const [b] = groups.splice(next(groups.length), 1);
        groups.push(mergeBehaviours(a ?? noBehaviour, b ?? noBehaviour));
      }
      const first = new Map<number, number>();
      for (const [index, transitions] of list.entries()) {
        for (const each of transitions) if (!first.has(each)) first.set(each, index + 1);
      }
      expect(groups[0]?.transitions).toEqual([...first].sort(([a], [b]) => a - b));
    }),
  );
});

test("more than are kept make the same sample, however they are put together", () => {
  const many = Array.from({ length: 12 }, (_, run) =>
    tallyOf(
      run + 1,
      Array.from({ length: 1000 }, (_each, index) => index * 97 + run * 13),
    ),
  );
  const forth = many.reduce(mergeBehaviours, noBehaviour);
  const back = many.toReversed().reduce(mergeBehaviours, noBehaviour);
  const halves = mergeBehaviours(
    many.slice(0, 5).reduce(mergeBehaviours, noBehaviour),
    many.slice(5).reduce(mergeBehaviours, noBehaviour),
  );
  expect(forth.transitions).toHaveLength(TRANSITIONS_KEPT);
  expect(JSON.stringify(back)).toBe(JSON.stringify(forth));
  expect(JSON.stringify(halves)).toBe(JSON.stringify(forth));
});

test("novelty counts what each tenth of the seeds was the first to show", () => {
  const tally = [
    [1, [10, 20, 30]],
    [11, [20, 40]],
    [100, [10, 50, 60]],
  ].map(([seed, transitions]) => tallyOf(seed as number, transitions as number[]));
  const novelty = noveltyOf(tally.reduce(mergeBehaviours), { first: 1, last: 100 });
  expect(novelty).toEqual({
    total: 6,
    newInLastTenth: 2,
    curve: [3, 4, 4, 4, 4, 4, 4, 4, 4, 6],
    isSample: false,
  });
});
