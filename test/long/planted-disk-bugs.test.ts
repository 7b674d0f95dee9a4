import { describe, expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { readScenario } from "../../sim/run/load/load-file.ts";
import { run } from "../../sim/run/run.ts";
import type { System } from "../../sim/run/system.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import type { DiskPort } from "../../sim/world/disk.ts";
import { createLogFormat } from "../../src/durable/log-format.ts";

/** Mistakes that a journal is known for, each of which the harness must find. They are planted between node and disk. */

type Lie = (disk: DiskPort) => DiskPort;

/** It says that it has synced, and syncs afterwards: what is confirmed is on its way to the disk. */
const confirmsBeforeSync: Lie = (disk) => ({
  ...disk,
  sync() {
    disk.sync().catch(() => {});
    return Promise.resolve();
  },
});

const neverSyncs: Lie = (disk) => ({ ...disk, sync: () => Promise.resolve() });

/** A sync that failed is tried again, and believed. */
const retriesSync: Lie = (disk) => ({ ...disk, sync: () => disk.sync().catch(() => disk.sync()) });

/** Damage is taken for the end of what was written. */
const vouchesForDamage: Lie = (disk) => {
  const format = createLogFormat();
  return {
    ...disk,
    async read(offset, bytesMax) {
      const bytes = await disk.read(0, Number.MAX_SAFE_INTEGER);
      let end = 0;
      for (;;) {
        const size = format.sizeAt(bytes, end);
        if (typeof size !== "number" || format.entryAt(bytes, end, size) === null) break;
        end += size;
      }
      return bytes.slice(0, end).slice(offset, offset + bytesMax);
    },
  };
};

function lyingSystem(lie: Lie): System {
  return {
    ...cacheSystem,
    boot: (env, plan) => cacheSystem.boot({ ...env, disk: lie(env.disk) }, plan),
  };
}

const names = invariants.map(({ name }) => name);
const SEEDS_MAX = 200;

/** The first seed that breaks something, or null. */
async function firstFinding(
  file: string,
  system: System,
): Promise<{ seed: number; broken: string[] } | null> {
  const loaded = readScenario(`scenarios/${file}.yaml`, { policies: ["abd"], invariants: names });
  if (!loaded.ok) throw new Error(`${file} does not load`);
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = drawPlan(loaded.value, { seed, system: "cache", policy: "abd", invariants: names });
    const { violations } = await run(plan, { system, invariants });
    if (violations.length > 0) return { seed, broken: violations.map(({ invariant }) => invariant) };
  }
  return null;
}

describe(`within ${SEEDS_MAX} seeds the harness finds a node that`, () => {
  test.each([
    ["never syncs", "power-loss", neverSyncs],
    ["confirms before it has synced", "power-loss", confirmsBeforeSync],
    ["tries a failed sync again and believes it", "failed-sync", retriesSync],
    ["takes damage for the end of its journal", "bit-rot", vouchesForDamage],
  ])("%s, in %s", async (_, file, lie) => {
    const found = await firstFinding(file, lyingSystem(lie));
    expect(found?.broken).toContain("linearizable");
  });
});
