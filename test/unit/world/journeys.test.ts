import { describe, expect, test } from "vitest";
import { worldHarness } from "../../support/world-harness.ts";
import { backgroundCause, operationCause } from "../../../sim/kernel/cause.ts";
import { createSeededChooser } from "../../../sim/kernel/choices.ts";
import { createJourneys } from "../../../sim/world/journeys.ts";

const base = { latency: { kind: "constant", ms: 5 }, loss: 0, duplicate: 0, reorder: 0 } as const;
const kindOf = (frame: Uint8Array): string => (frame[0] === 1 ? "store" : "read");

describe("messages of a kind", () => {
  test("take their own time, and the others that of their link", () => {
    const journeys = createJourneys(
      { ...base, messages: { store: { latency: { kind: "constant", ms: 40 } } } },
      kindOf,
    );
    expect(journeys?.sampler(Uint8Array.of(1))?.(0.5)).toBe(40);
    expect(journeys?.sampler(Uint8Array.of(2))).toBeNull();
  });

  test("are not looked at on a network that says nothing of them", async () => {
    expect(createJourneys(base, kindOf)).toBeNull();
    const harness = worldHarness(["n1", "n2"], base);
    harness.at(1, () => harness.send("n1", "n2", "x"));
    await harness.kernel.run(100_000);
    expect(harness.arrivals.map(({ atUs }) => atUs)).toEqual([6000]);
  });

  test("are late by as much as the network says", async () => {
    const harness = worldHarness(["n1", "n2", "n3"], {
      ...base,
      near: { machines: ["n2", "n3"], awayMs: 75 },
    });
    harness.at(1, () => {
      harness.send("n1", "n2", "x");
      harness.send("n1", "n3", "y");
    });
    await harness.kernel.run(1_000_000);
    expect(harness.arrivals.map(({ atUs }) => atUs)).toEqual([6000, 81_000]);
  });
});

describe("the machine that is near", () => {
  const machines = ["n2", "n3", "n4"];
  const chooser = createSeededChooser(7);
  const journeys = createJourneys({ ...base, near: { machines, awayMs: 75 } }, kindOf);
  const nearOf = (label: string): string[] => {
    const cause = operationCause(label);
    return machines.filter((machine) => {
      const there = journeys?.extraUs("n1", machine, chooser, cause);
      expect(journeys?.extraUs(machine, "n1", chooser, cause)).toBe(there);
      return there === 0;
    });
  };

  test("is one, the same for all messages of an operation, and each as often", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 3000; i++) {
      const near = nearOf(`c1#${i}`);
      expect(near).toHaveLength(1);
      counts.set(near[0] ?? "", (counts.get(near[0] ?? "") ?? 0) + 1);
    }
    // Five standard deviations.
    for (const machine of machines) expect(Math.abs((counts.get(machine) ?? 0) - 1000)).toBeLessThan(130);
  });

  test("makes no difference between machines that are not of them", () => {
    expect(journeys?.extraUs("n1", "n5", chooser, backgroundCause("n1/boot"))).toBe(0);
  });
});
