import type { Draw } from "../../kernel/draw.ts";
import { wholeMicros } from "../../world/quantity-text.ts";
import type { Plan } from "../plan.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** When the operator makes each of the scenario's changes, in their order. */
export function drawChanges({ changes }: Scenario, draw: Draw): NonNullable<Plan["changes"]> {
  let lastMs = 0;
  return changes.map(({ at, ...change }, index) => {
    lastMs = Math.max(lastMs, wholeMicros(draw.at(index).between("at", at.min, at.max)));
    return { atMs: lastMs, ...structuredClone(change) };
  });
}
