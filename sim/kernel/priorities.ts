import type { Chooser, Site } from "./choices.ts";
import { createDraw } from "./draw.ts";

/** How a chooser by priorities is made. */
export interface PriorityOptions {
  /** Takes every choice that is not a delay on a chain. */
  readonly usual: Chooser;
  readonly seed: number;
  /** d of the guarantee: one more than there are change points. */
  readonly depth: number;
  /** The labels of the sites at which chains choose their delays; a chain's messages keep their order. */
  readonly chains: readonly string[];
  /** Change points lie before this time. */
  readonly untilUs: number;
  readonly nowUs: () => number;
}

/** From here up are the quantiles of chains whose priority was lowered, below all that were not. */
const LOWERED_FROM = 0.99;

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatti, "A Randomized Scheduler with
 * Probabilistic Guarantees of Finding Bugs", ASPLOS 2010) in a world where order is made by delays. There, threads have
 * random priorities and the highest runs, but for d - 1 random steps at which the running thread falls below all others.
 * Here, the chains are the links (as in Ozkan et al., "Randomized Testing of Distributed Systems with Probabilistic
 * Guarantees", OOPSLA 2018): each has a priority, which is the quantile of the latency of all its messages, so of two
 * messages that set out together over equal links the one with the higher priority arrives first, always. At each of
 * d - 1 random times one chain falls below all others.
 *
 * With n chains, of which one must be ahead of (n - 1) others, and d - 1 changes that must each hit one chain within a
 * stretch of `w` of the `T` in which they may come, a run does so with probability 1/n · (w / (T n))^(d-1) at least. That
 * is the published 1/(n k^(d-1)) with k = T n / w steps. It holds for the order of what is under way at the same time and
 * within what delays can reach. It says nothing of timers, which go off when they are due, of faults, or of orders that
 * need more than the longest delay.
 *
 * Priorities and change points depend on the seed, the chain and the number of the change alone. So a plan from which an
 * operation is taken has the same, and a chain that is added changes those of no other unless a change point picks it.
 */
export function createPriorityChooser(options: PriorityOptions): Chooser {
  const { usual, seed, depth, chains, untilUs, nowUs } = options;
  const draw = createDraw(seed).at("priorities");
  const priorityOf = new Map(chains.map((chain) => [chain, draw.at(chain).uniform("first") * LOWERED_FROM]));
  const changes = Array.from({ length: depth - 1 }, (_, index) => {
    const change = draw.at(`change-${index + 1}`);
    return {
      atUs: change.uniform("time") * untilUs,
      chain: smallestBy(chains, (chain) => change.at(chain).uniform("pick")),
      quantile: LOWERED_FROM + ((1 - LOWERED_FROM) * (depth - 1 - index)) / depth,
    };
  }).sort((a, b) => a.atUs - b.atUs);
  let changed = 0;
  const bySite = new Map<Site, string | null>();

  function chainOf(place: Site): string | null {
    let chain = bySite.get(place);
    if (chain === undefined) bySite.set(place, (chain = priorityOf.has(place.label) ? place.label : null));
    return chain;
  }

  return {
    quantile(place, cause, ordinal) {
      const chain = chainOf(place);
      if (chain === null) return usual.quantile(place, cause, ordinal);
      for (let next = changes[changed]; next !== undefined && next.atUs <= nowUs(); next = changes[changed]) {
        if (next.chain !== null) priorityOf.set(next.chain, next.quantile);
        changed++;
      }
      return priorityOf.get(chain) ?? 0;
    },
  };
}

function smallestBy(items: readonly string[], valueOf: (item: string) => number): string | null {
  let smallest: string | null = null;
  let least = Infinity;
  for (const item of items) {
    const value = valueOf(item);
    if (value < least) [smallest, least] = [item, value];
  }
  return smallest;
}
