import { expect, test } from "vitest";
import type { Millis } from "@phyxius/clock";
import { createSeededChooser } from "../../../sim/kernel/choices.ts";
import { createKernel } from "../../../sim/kernel/kernel.ts";
import { createTripwire } from "../../../sim/kernel/tripwire.ts";
import { WALL_START_MS } from "../../../sim/world/machine-clock.ts";
import type { MachineEnv } from "../../../sim/world/machine.ts";
import { createWorld } from "../../../sim/world/world.ts";

/** What clocks show at the start of a life and when a timer of 50 ms rings. n1 crashes at 100 ms and is up again at 200. */
async function clocks(uptimesMs: Readonly<Record<string, number>> | undefined) {
  const kernel = createKernel({
    chooser: createSeededChooser(1),
    tripwire: createTripwire(() => null),
    eventsMax: 10_000,
  });
  const seen: (readonly [life: string, wallMs: number, monoMs: number])[] = [];
  function note({ id, incarnation, clock }: MachineEnv): void {
    const { wallMs, monoMs } = clock.now();
    seen.push([`${id}@${incarnation}`, wallMs - WALL_START_MS, monoMs]);
  }
  const world = createWorld(
    kernel,
    ["n1", "n2"],
    { latency: { kind: "constant", ms: 1 }, loss: 0, duplicate: 0, reorder: 0 },
    {
      boot(env) {
        note(env);
        void env.clock.sleep(50 as Millis).then(() => note(env));
      },
      crashed() {},
      processes: () => [],
      kill() {},
      journal() {},
      error(_machine, error) {
        throw error;
      },
    },
    () => null,
    { hooks: { detours: {}, untilUs: 0 }, uptimesMs },
  );
  world.start();
  await kernel.run(100_000);
  world.crash("n1");
  await kernel.run(200_000);
  world.restart("n1");
  await kernel.run(300_000);
  // Of machines at the same moment either may be first.
  return seen.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

test("by default all clocks count from the start of the run, in whatever life", async () => {
  expect(await clocks(undefined)).toEqual([
    ["n1@1", 0, 0],
    ["n1@1", 50, 50],
    ["n1@2", 200, 200],
    ["n1@2", 250, 250],
    ["n2@1", 0, 0],
    ["n2@1", 50, 50],
  ]);
});

test("machines may have been up, and then later lives count anew; walls and waits are as ever", async () => {
  expect(await clocks({ n1: 5000.25 })).toEqual([
    ["n1@1", 0, 5000.25],
    ["n1@1", 50, 5050.25],
    ["n1@2", 200, 0],
    ["n1@2", 250, 50],
    ["n2@1", 0, 0],
    ["n2@1", 50, 50],
  ]);
});
