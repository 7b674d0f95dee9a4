import { createDraw, type Draw } from "../../kernel/draw.ts";
import { type Finding, judged } from "./finding.ts";

/**
 * M. Mitzenmacher, "The power of two choices in randomized load balancing" (1996): customers come as a Poisson process
 * of rate .9 for each of many servers, and join the shortest of d queues. The cache has no such choice to make: its
 * owners are fixed. So this is a plain simulation of queues, which shows that the draws of plans are fit for it.
 */
const PUBLISHED: readonly (readonly [choices: number, meanTime: number])[] = [
  [1, 10],
  [2, 2.614],
  [3, 2.028],
];
const LOAD = 0.9;
const SERVERS = 500;
const CUSTOMERS = 600_000;
/** Customers of the first part do not count: the queues fill up. */
const WARM_UP = 200_000;

export function validateQueues(): Finding[] {
  return PUBLISHED.map(([choices, published]) => {
    const { mean, error } = meanTime(choices, createDraw(`queues/${choices}`));
    const interval = { low: mean - 3.3 * error, high: mean + 3.3 * error };
    const what = `mean time in the system at load .9, the shortest of ${choices}`;
    return judged({ table: "queues", what, published, ours: mean, interval, by: "simulation" }, 0.01);
  });
}

/** First come, first served, each server at rate 1: when the last customer of each will be done says it all. */
function meanTime(choices: number, draw: Draw): { mean: number; error: number } {
  const departures: number[][] = Array.from({ length: SERVERS }, () => []);
  let nowTime = 0;
  const batchMeans: number[] = [];
  let sum = 0;
  const batch = (CUSTOMERS - WARM_UP) / BATCHES;
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const at = draw.at(customer);
    nowTime += -Math.log(1 - at.uniform("gap")) / (LOAD * SERVERS);
    let best: number[] | undefined;
    for (let choice = 0; choice < choices; choice++) {
      const queue = departures[at.int(`server-${choice}`, 0, SERVERS - 1)] as number[];
      while (queue.length > 0 && (queue[0] as number) <= nowTime) queue.shift();
      if (best === undefined || queue.length < best.length) best = queue;
    }
    const queue = best as number[];
    const startTime = Math.max(nowTime, queue.at(-1) ?? 0);
    const endTime = startTime - Math.log(1 - at.uniform("service"));
    queue.push(endTime);
    if (customer < WARM_UP) continue;
    sum += endTime - nowTime;
    if ((customer - WARM_UP + 1) % batch === 0) {
      batchMeans.push(sum / batch);
      sum = 0;
    }
  }
  const mean = batchMeans.reduce((total, each) => total + each, 0) / BATCHES;
  const variance =
    batchMeans.reduce((total, each) => total + (each - mean) * (each - mean), 0) / (BATCHES - 1);
  return { mean, error: Math.sqrt(variance / BATCHES) };
}

/** Means of long stretches are nearly independent of each other, so they tell how sure the mean of all is. */
const BATCHES = 20;
