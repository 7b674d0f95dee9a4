import type { Draw } from "../../kernel/draw.ts";
import type { Scenario } from "../scenario/scenario.ts";

/**
 * The detours that one seed switches on, and the probability with which each is taken; null when there are none.
 * Two levels, as with FoundationDB's `BUGGIFY`: were all taken a little in every run, none would ever dominate one.
 */
export function drawDetours(
  { detours: { share, taken } }: Scenario,
  names: readonly string[],
  draw: Draw,
): Record<string, number> | null {
  const chosen = names.filter((name) => draw.at(name).uniform("on") < share);
  if (chosen.length === 0) return null;
  return Object.fromEntries(
    chosen.map((name) => {
      const probability = draw.at(name).between("taken", taken.min, taken.max);
      return [name, Math.round(probability * 1000) / 1000];
    }),
  );
}
