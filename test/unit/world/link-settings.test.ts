import { describe, expect, test } from "vitest";
import { linkSettings, type NetworkOptions } from "../../../sim/world/network-settings.ts";
import { worldHarness } from "../../support/world-harness.ts";

const MACHINES = ["n1", "n2", "n3", "n4"];
const ZONES = { east: ["n1", "n2"], west: ["n3", "n4"] };

function constant(ms: number): NetworkOptions["latency"] {
  return { kind: "constant", ms };
}

const base: NetworkOptions = { latency: constant(1), loss: 0.01, duplicate: 0, reorder: 0, zones: ZONES };

/** Latency and loss of a link. */
function of(options: NetworkOptions, from: string, to: string): readonly [ms: number, loss: number] {
  const settings = linkSettings(MACHINES, options)(from, to);
  return [settings.sample(0.5), settings.loss];
}

describe("the settings of a link", () => {
  test("are those of the network when nothing else is said", () => {
    expect(linkSettings(MACHINES, base)("n1", "n3")).toMatchObject({
      loss: 0.01,
      duplicate: 0,
      reorder: 0,
      corrupt: 0,
      bytesPerSecond: Infinity,
    });
  });

  test("between zones are those of crossZone, each field for itself", () => {
    const options = { ...base, crossZone: { latency: constant(40) } };
    expect(of(options, "n1", "n2")).toEqual([1, 0.01]);
    expect(of(options, "n1", "n3")).toEqual([40, 0.01]);
    expect(of(options, "n4", "n2")).toEqual([40, 0.01]);
  });

  test("come from the last entry that matches, each field for itself", () => {
    const options: NetworkOptions = {
      ...base,
      crossZone: { latency: constant(40), loss: 0.2 },
      links: [
        { from: "*", to: "n3", loss: 0.5 },
        { from: "east", to: "west", latency: constant(60) },
        { from: "n1", to: "*", loss: 0.7 },
        { from: "n2", to: "n4", latency: constant(9), loss: 0 },
      ],
    };
    expect(of(options, "n1", "n2")).toEqual([1, 0.7]);
    expect(of(options, "n1", "n3")).toEqual([60, 0.7]);
    expect(of(options, "n2", "n3")).toEqual([60, 0.5]);
    expect(of(options, "n2", "n4")).toEqual([9, 0]);
    expect(of(options, "n4", "n3")).toEqual([1, 0.5]);
    expect(of(options, "n3", "n1")).toEqual([40, 0.2]);
  });

  test("hold for one direction only, and for what is really sent", async () => {
    const harness = worldHarness(MACHINES, {
      ...base,
      loss: 0,
      crossZone: { latency: constant(40) },
      links: [{ from: "n2", to: "n1", latency: constant(7) }],
    });
    harness.at(0, () => {
      for (const from of MACHINES) for (const to of MACHINES) if (from !== to) harness.send(from, to, "x");
    });
    await harness.kernel.run(100_000);
    const tookMs = new Map(harness.arrivals.map(({ from, at, atUs }) => [`${from}>${at}`, atUs / 1000]));
    expect([tookMs.get("n1>n2"), tookMs.get("n2>n1"), tookMs.get("n3>n4")]).toEqual([1, 7, 1]);
    for (const link of ["n1>n3", "n3>n1", "n2>n4", "n4>n2"]) expect(tookMs.get(link)).toBe(40);
  });
});
