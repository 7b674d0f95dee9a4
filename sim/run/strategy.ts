import type { Chooser } from "../kernel/choices.ts";
import { createDraw } from "../kernel/draw.ts";
import { createPriorityChooser } from "../kernel/priorities.ts";
import type { Plan } from "./plan.ts";
import { type Mistake, suggest } from "./suggest.ts";

/**
 * How the choices of a run are taken that its plan leaves open: each by itself (`random`), delays by the priorities of
 * links (`pct:d`), or the one or the other by seed (`portfolio`).
 */
export const STRATEGIES = ["random", "pct", "portfolio"] as const;

const DEPTH_USUAL = 3;
export const DEPTH_MAX = 100;

/** What is wrong with the name of a strategy; null when nothing is. */
export function strategyProblem(text: string): Mistake | null {
  if (/^(?:random|portfolio)$/.test(text)) return null;
  const depth = /^pct(?::([1-9]\d{0,2}))?$/.exec(text);
  if (depth !== null && Number(depth[1] ?? DEPTH_USUAL) <= DEPTH_MAX) return null;
  const expected = `random, pct, pct:1 to pct:${DEPTH_MAX}, or portfolio`;
  return { expected, suggestion: suggest(text, STRATEGIES) };
}

/** What a plan says of its strategy; undefined for `random`. A portfolio is half random, half of depths 1 to 4. */
export function drawStrategy(text: string, seed: number): Plan["strategy"] {
  if (text === "random") return undefined;
  if (text !== "portfolio") return { kind: "pct", depth: Number(text.split(":")[1] ?? DEPTH_USUAL) };
  const draw = createDraw(seed).at("strategy");
  return draw.uniform("kind") < 0.5 ? undefined : { kind: "pct", depth: draw.int("depth", 1, 4) };
}

/** Takes the choices of a plan by its strategy. */
export function strategicChooser(plan: Plan, usual: Chooser, nowUs: () => number): Chooser {
  const { strategy, seed, cluster, phases } = plan;
  if (strategy === undefined) return usual;
  const { machines } = cluster;
  return createPriorityChooser({
    usual,
    seed,
    depth: strategy.depth,
    chains: machines.flatMap((from) =>
      machines.filter((to) => to !== from).map((to) => `net/${from}>${to}/delay`),
    ),
    untilUs: phases.settleMs * 1000,
    nowUs,
  });
}
