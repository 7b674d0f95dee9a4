import { expect, test } from "vitest";
import { createSeededChooser } from "../../../sim/kernel/choices.ts";
import { createKernel } from "../../../sim/kernel/kernel.ts";
import { createTripwire } from "../../../sim/kernel/tripwire.ts";
import { createHookBoard, MachineStopped } from "../../../sim/world/hooks.ts";
import { worldHarness } from "../../support/world-harness.ts";

function board(detours: Record<string, number>, untilUs = 1_000_000) {
  const kernel = createKernel({
    chooser: createSeededChooser(1),
    tripwire: createTripwire(() => null),
    eventsMax: 1000,
  });
  return createHookBoard(kernel, { detours, untilUs });
}

const life = { id: "n1", isAlive: true, crash() {} };

test("a detour is taken as often as the plan says, and never when it is not switched on", () => {
  const hooks = board({ often: 0.25, always: 1, never: 0 }).hooksOf(life);
  const taken = (detour: string) =>
    Array.from({ length: 4000 }, () => hooks.maybe(detour)).filter(Boolean).length;
  expect(taken("often")).toBeGreaterThan(900);
  expect(taken("often")).toBeLessThan(1100);
  expect(taken("always")).toBe(4000);
  expect(taken("never")).toBe(0);
  expect(taken("unknown")).toBe(0);
  expect(taken("__proto__")).toBe(0);
});

test("nothing interferes once everything has healed, nor in a life that is over", () => {
  expect(board({ always: 1 }, 0).hooksOf(life).maybe("always")).toBe(false);
  const hooks = board({ always: 1 });
  const dead = hooks.hooksOf({ ...life, isAlive: false });
  expect(dead.maybe("always")).toBe(false);
  dead.sometimes("seen");
  expect(hooks.reached.size).toBe(0);
});

test("an armed machine dies at the n-th time of being at the point, and no other does", () => {
  const world = worldHarness(["n1", "n2"]);
  const fault = {};
  const passed: string[] = [];
  const pass = (machine: string, point: string) => {
    world.env(machine).hooks.crashpoint(point);
    passed.push(`${machine} ${point}`);
  };
  world.at(1, () =>
    world.world.hooks.arm(fault, { machine: "n1", point: "here", hits: 2, keepsDisk: false }),
  );
  world.at(2, () => {
    pass("n1", "here");
    pass("n1", "there");
    pass("n2", "here");
    pass("n2", "here");
    expect(() => pass("n1", "here")).toThrow(MachineStopped);
    expect(world.world.machine("n1").isUp).toBe(false);
    // What the dead code still does has no effect.
    world.env("n1").network.send("n2", new Uint8Array(1));
  });
  return world.kernel.run(10_000).then(() => {
    expect(passed).toEqual(["n1 here", "n1 there", "n2 here", "n2 here"]);
    expect(world.errors).toEqual([]);
    expect(world.world.machine("n1").ghostCount).toBe(1);
    expect(world.arrivals.map(({ text }) => text)).toEqual(["reset"]);
  });
});

test("a disarmed machine lives on", () => {
  const hooks = board({});
  const fault = {};
  hooks.arm(fault, { machine: "n1", point: "here", hits: 1, keepsDisk: false });
  hooks.disarm(fault);
  expect(() => hooks.hooksOf(life).crashpoint("here")).not.toThrow();
});
