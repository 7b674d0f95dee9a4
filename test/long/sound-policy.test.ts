import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import { run } from "../../sim/run/run.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";

/** `LONG_SEEDS=100` makes a part of it of the whole. */
const SEEDS = Number(process.env["LONG_SEEDS"] ?? 500);
const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const names = invariants.map(({ name }) => name);
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

test.each(files)(`abd keeps all its promises under ${SEEDS} seeds of %s`, async (file) => {
  const loaded = readScenario(folder + file, { policies: ["abd"], invariants: names });
  if (!loaded.ok) throw new Error(`${file} does not load`);
  for (let seed = 1; seed <= SEEDS; seed++) {
    const plan = drawPlan(loaded.value, { seed, system: "cache", policy: "abd", invariants: names });
    const { violations } = await run(plan, { system: cacheSystem, invariants });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
  }
});
