import type { LatencyModel } from "../../world/latency.ts";
import {
  LATENCY_MS_MAX,
  PARETO_SHAPE_MAX,
  PARETO_SHAPE_MIN,
  type SimpleLatency,
} from "../../world/latency-distribution.ts";
import { durationText } from "../../world/quantity-text.ts";
import { problem } from "../load/load-names.ts";
import type { Finding, Path } from "../load/load-problem.ts";

/** What is wrong with a latency model of a scenario although each of its fields is right by itself. */
export function checkLatency(path: Path, model: LatencyModel): Finding[] {
  if (model.kind === "mixture") {
    return model.parts.flatMap((part, index) => [
      ...checkWeight([...path, "parts", index, "weight"], part.weight),
      ...checkSimple([...path, "parts", index], part),
    ]);
  }
  return model.kind === "empirical"
    ? checkPoints([...path, "points"], model.points)
    : checkSimple(path, model);
}

const WEIGHT_MAX = 1_000_000;

function checkWeight(path: Path, weight: number): Finding[] {
  if (weight > 0 && weight <= WEIGHT_MAX) return [];
  return [problem(path, `expected a weight above 0 and at most ${WEIGHT_MAX}, got ${weight}`)];
}

function checkPoints(path: Path, points: readonly (readonly [number, number])[]): Finding[] {
  const found: Finding[] = [];
  const percent = (share: number): string => `${Number((share * 100).toPrecision(12))}%`;
  const last = points.length - 1;
  for (const [index, [share, ms]] of points.entries()) {
    const [shareBefore, msBefore] = points[index - 1] ?? [-1, 0];
    const at = (place: number, message: string): void => {
      found.push(problem([...path, index, place], message));
    };
    if (index === 0 && share !== 0) at(0, `expected 0% in the first point, got ${percent(share)}`);
    else if (index === last && share !== 1) at(0, `expected 100% in the last point, got ${percent(share)}`);
    else if (share <= shareBefore) {
      at(0, `expected more than the ${percent(shareBefore)} before it, got ${percent(share)}`);
    }
    if (ms > LATENCY_MS_MAX) at(1, "expected at most 24h");
    else if (ms < msBefore) {
      at(1, `expected at least the ${durationText(msBefore)} before it, got ${durationText(ms)}`);
    }
  }
  return found;
}

function checkSimple(path: Path, model: SimpleLatency): Finding[] {
  const at = (field: string, message: string): Finding[] => [problem([...path, field], message)];
  const positive = (field: string, ms: number): Finding[] => {
    if (ms === 0) return at(field, "expected more than 0ms");
    return ms > LATENCY_MS_MAX ? at(field, "expected at most 24h") : [];
  };
  const notBelow = (field: string, ms: number, lower: string, lowerMs: number): Finding[] => {
    if (lowerMs <= ms) return [];
    return at(field, `expected at least ${lower} (${durationText(lowerMs)}), got ${durationText(ms)}`);
  };
  switch (model.kind) {
    case "constant":
      return model.ms > LATENCY_MS_MAX ? at("delay", "expected at most 24h") : [];
    case "uniform": {
      const found = notBelow("max", model.maxMs, "min", model.minMs);
      return found.length > 0 ? found : positive("max", model.maxMs);
    }
    case "exponential": {
      const found = notBelow("mean", model.meanMs, "min", model.minMs);
      return found.length > 0 ? found : positive("mean", model.meanMs);
    }
    case "lognormal": {
      const found = notBelow("p99", model.p99Ms, "the median", model.medianMs);
      if (found.length > 0) return found;
      return [...positive("median", model.medianMs), ...positive("p99", model.p99Ms)];
    }
    case "pareto": {
      const { shape } = model;
      if (shape >= PARETO_SHAPE_MIN && shape <= PARETO_SHAPE_MAX) return positive("min", model.minMs);
      return at("shape", `expected a number from ${PARETO_SHAPE_MIN} to ${PARETO_SHAPE_MAX}, got ${shape}`);
    }
  }
}
