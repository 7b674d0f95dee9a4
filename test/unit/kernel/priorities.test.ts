import { expect, test } from "vitest";
import { operationCause } from "../../../sim/kernel/cause.ts";
import { type Chooser, createSeededChooser, site } from "../../../sim/kernel/choices.ts";
import { createPriorityChooser } from "../../../sim/kernel/priorities.ts";

const MACHINES = ["n1", "n2", "n3"];
const chains = MACHINES.flatMap((from) =>
  MACHINES.filter((to) => to !== from).map((to) => `net/${from}>${to}/delay`),
);
const sites = new Map(chains.map((chain) => [chain, site(chain)]));
const cause = operationCause("c1#1");
const SEEDS = 9000;

interface World {
  readonly chooser: Chooser;
  nowUs: number;
}

function worldOf(seed: number, depth: number, names: readonly string[] = chains): World {
  const usual = createSeededChooser(seed);
  const world: World = {
    nowUs: 0,
    chooser: createPriorityChooser({
      usual,
      seed,
      depth,
      chains: names,
      untilUs: 1000,
      nowUs: () => world.nowUs,
    }),
  };
  return world;
}

/** How long messages take that set out now, over links that are all alike. */
function delayOf({ chooser }: World, chain: string): number {
  return chooser.quantile(sites.get(chain) ?? site(chain), cause, 0);
}

const [a = "", b = ""] = chains;

/** The share of seeds that show a defect, which needs an order of deliveries. */
function shareOf(depth: number, shows: (world: World) => boolean): number {
  let found = 0;
  for (let seed = 1; seed <= SEEDS; seed++) if (shows(worldOf(seed, depth))) found++;
  return found / SEEDS;
}

/** Four standard deviations: what the share of so many seeds is within unless its probability is another one. */
function toleranceOf(probability: number): number {
  return 4 * Math.sqrt((probability * (1 - probability)) / SEEDS);
}

test("a defect of depth 1 is found as often as the guarantee says", () => {
  const n = chains.length;
  const share = shareOf(1, (world) => {
    const delay = delayOf(world, a);
    return chains.every((chain) => chain === a || delayOf(world, chain) > delay);
  });
  expect(Math.abs(share - 1 / n)).toBeLessThan(toleranceOf(1 / n));
});

test("a defect of depth 2 is found as often as the guarantee says, and never with depth 1", () => {
  const [n, w, horizon] = [chains.length, 250, 1000];
  const guarantee = (1 / n) * (w / (horizon * n));
  // One link is ahead of all others, until it falls behind another one within a stretch of w.
  const shows = (world: World): boolean => {
    const isAhead = (): boolean =>
      chains.every((chain) => chain === a || delayOf(world, chain) > delayOf(world, a));
    world.nowUs = 500;
    if (!isAhead()) return false;
    world.nowUs = 500 + w;
    return delayOf(world, b) < delayOf(world, a);
  };
  expect(Math.abs(shareOf(2, shows) - guarantee)).toBeLessThan(toleranceOf(guarantee));
  expect(shareOf(1, shows)).toBe(0);
});

test("a link that nobody changes keeps its priority, and one that is added changes no other's", () => {
  const world = worldOf(7, 1);
  const before = chains.map((chain) => delayOf(world, chain));
  world.nowUs = 999;
  expect(chains.map((chain) => delayOf(world, chain))).toEqual(before);
  const larger = worldOf(7, 1, [...chains, "net/n4>n1/delay"]);
  expect(chains.map((chain) => delayOf(larger, chain))).toEqual(before);
});

test("everything but delays is chosen as usual", () => {
  const place = site("net/n1>n2/loss");
  expect(worldOf(3, 2).chooser.quantile(place, cause, 5)).toBe(
    createSeededChooser(3).quantile(place, cause, 5),
  );
});
