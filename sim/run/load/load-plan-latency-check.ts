import type { LatencyModel, MixturePart } from "../../world/latency.ts";
import type { SimpleLatency } from "../../world/latency-distribution.ts";
import { problem } from "./load-names.ts";
import type { Finding, Path } from "./load-problem.ts";

/** What is wrong with a latency model of a plan although each of its fields is right by itself. */
export function checkPlanLatency(path: Path, model: LatencyModel): Finding[] {
  if (model.kind === "mixture") {
    return model.parts.flatMap((part, index) => checkSimple([...path, "parts", index], part));
  }
  return model.kind === "empirical"
    ? checkPoints([...path, "points"], model.points)
    : checkSimple(path, model);
}

function checkSimple(path: Path, model: SimpleLatency | MixturePart): Finding[] {
  const above = (field: string, value: number, lower: string, least: number): Finding[] =>
    value >= least ? [] : [problem([...path, field], `expected at least ${lower} (${least}), got ${value}`)];
  switch (model.kind) {
    case "constant":
    case "pareto":
      return [];
    case "uniform":
      return above("maxMs", model.maxMs, "minMs", model.minMs);
    case "exponential":
      return above("meanMs", model.meanMs, "minMs", model.minMs);
    case "lognormal":
      return above("p99Ms", model.p99Ms, "medianMs", model.medianMs);
  }
}

function checkPoints(path: Path, points: readonly (readonly [number, number])[]): Finding[] {
  const found: Finding[] = [];
  for (const [index, [quantile, ms]] of points.entries()) {
    const [quantileBefore, msBefore] = points[index - 1] ?? [-1, 0];
    const at = (place: number, expected: string, got: number): void => {
      found.push(problem([...path, index, place], `expected ${expected}, got ${got}`));
    };
    if (index === 0 && quantile !== 0) at(0, "0 in the first point", quantile);
    else if (index === points.length - 1 && quantile !== 1) at(0, "1 in the last point", quantile);
    else if (quantile <= quantileBefore) at(0, `more than the ${quantileBefore} before it`, quantile);
    if (ms < msBefore) at(1, `at least the ${msBefore} before it`, ms);
  }
  return found;
}
