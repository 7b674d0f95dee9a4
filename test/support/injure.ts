import { faultKind } from "../../sim/world/faults/index.ts";
import type { FaultWindow } from "../../sim/world/faults/fault-kind.ts";
import type { WorldHarness } from "./world-harness.ts";

/** Applies a fault of a plan to the world, with its steps, as a run does. */
export function injure(
  harness: WorldHarness,
  kind: string,
  fault: FaultWindow & Record<string, unknown>,
): void {
  const definition = faultKind(kind);
  if (definition === undefined) throw new Error(`no fault ${kind}`);
  const checked = definition.faultSchema.parse({ kind, ...fault }) as unknown as FaultWindow;
  const isInstant = fault.startMs === fault.endMs;
  harness.at(fault.startMs, () => {
    definition.start(harness.world, checked);
    if (isInstant) definition.stop(harness.world, checked);
  });
  for (const { atMs, run } of definition.steps?.(checked) ?? []) harness.at(atMs, () => run(harness.world));
  if (!isInstant) harness.at(fault.endMs, () => definition.stop(harness.world, checked));
}
