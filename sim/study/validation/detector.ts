import { createDraw } from "../../kernel/draw.ts";
import { normalQuantile } from "../../world/normal.ts";
import { type Finding, judged } from "./finding.ts";
import { shareInterval } from "./intervals.ts";

const HEARTBEATS = 400_000;
const MEAN_MS = 1000;
const DEVIATION_MS = 100;

/**
 * N. Hayashibara et al., "The φ accrual failure detector" (2004): it suspects a node when a heartbeat is so late that
 * it would be later with a probability of 10^-Φ only. If the distribution is right, it is wrong that often. The cache
 * judges its peers by errors in a row; so this is a plain simulation of heartbeats.
 */
export function validateDetector(): Finding[] {
  return [1, 2, 3].map((threshold) => {
    const published = Math.exp(-threshold * Math.LN10);
    const lateMs = MEAN_MS + DEVIATION_MS * normalQuantile(1 - published);
    const draw = createDraw(`heartbeats/${threshold}`);
    let mistakes = 0;
    for (let beat = 0; beat < HEARTBEATS; beat++) {
      const gapMs = MEAN_MS + DEVIATION_MS * normalQuantile(draw.at(beat).uniform("gap"));
      if (gapMs > lateMs) mistakes++;
    }
    return judged({
      table: "detector",
      what: `mistakes for each heartbeat at Φ = ${threshold}`,
      published,
      ours: mistakes / HEARTBEATS,
      interval: shareInterval(mistakes, HEARTBEATS),
      by: "simulation",
    });
  });
}
