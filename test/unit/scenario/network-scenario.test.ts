import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { known } from "./known-names.ts";

const HEAD = "name: x\nstory: y\n";

function load(text: string): Scenario {
  const loaded = loadScenario(HEAD + text, "s.yaml", known);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.value;
}

function problemsOf(text: string): string[] {
  const loaded = loadScenario(HEAD + text, "s.yaml", known);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

function planOf(text: string, seed = 1): Plan {
  return drawPlan({ ...load(text), swarm: false }, { seed, system: "cache", policy: "abd", invariants: [] });
}

describe("zones", () => {
  test("by number are dealt their machines in turn", () => {
    expect(load("cluster: { machines: 5, zones: 2 }\n").cluster.zones).toEqual({
      z1: ["n1", "n3", "n5"],
      z2: ["n2", "n4"],
    });
    expect(load("cluster: { machines: 3, zones: 3 }\n").cluster.zones).toEqual({
      z1: ["n1"],
      z2: ["n2"],
      z3: ["n3"],
    });
    expect(load("cluster: { machines: 3 }\n").cluster.zones).toBeUndefined();
  });

  test("by name are as they are written, also in the plan", () => {
    const text = "cluster:\n  machines: [a, b, c]\n  zones: { east: [a, c], constructor: [b] }\n";
    expect(load(text).cluster.zones).toEqual({ east: ["a", "c"], constructor: ["b"] });
    expect(planOf(text).cluster).toEqual({
      machines: ["a", "b", "c"],
      replication: 3,
      zones: { east: ["a", "c"], constructor: ["b"] },
    });
  });

  test.each<[what: string, text: string, problem: string]>([
    [
      "more zones than machines",
      "cluster: { machines: 3, zones: 4 }\n",
      "s.yaml:3:32 cluster.zones: expected at most 3, the number of machines",
    ],
    [
      "a machine that is none",
      "cluster:\n  zones: { z1: [n1, n2], z2: [n3, m4] }\n",
      's.yaml:4:35 cluster.zones.z2[1]: expected one of the machines n1, n2 or n3, got "m4"',
    ],
    [
      "a machine in two zones",
      "cluster:\n  zones: { z1: [n1, n2], z2: [n3, n1] }\n",
      's.yaml:4:35 cluster.zones.z2[1]: "n1" is already in z1: keep one',
    ],
    [
      "a machine in none",
      "cluster:\n  zones: { z1: [n1], z2: [n3] }\n",
      's.yaml:4:10 cluster.zones: "n2" is in no zone: put every machine in one',
    ],
    [
      "a zone that is called like a machine",
      "cluster:\n  zones: { n1: [n1, n2], z2: [n3] }\n",
      "s.yaml:4:12 cluster.zones.n1: the name of a machine: give the zone another one",
    ],
    [
      "an empty zone",
      "cluster:\n  zones: { z1: [n1, n2, n3], z2: [] }\n",
      "s.yaml:4:34 cluster.zones.z2: expected at least 1 item, got an empty list",
    ],
    [
      "something else",
      "cluster: { zones: many }\n",
      's.yaml:3:19 cluster.zones: expected a number of zones or a mapping of their names to their machines, got "many"',
    ],
  ])("%s is refused", (_, text, problem) => {
    expect(problemsOf(text)[0]).toBe(problem);
  });
});

describe("a network", () => {
  test("may differ between zones and on single links", () => {
    const text =
      "cluster: { machines: 4, zones: 2 }\n" +
      "network:\n" +
      "  corrupt: 1%\n" +
      "  bandwidth: 1MB/s\n" +
      "  queue: 16KB\n" +
      "  crossZone: { latency: { kind: constant, delay: 40ms }, loss: 1% }\n" +
      "  links:\n" +
      "    - { from: z1, to: n2, duplicate: 5% }\n" +
      '    - { from: n3, to: "*", bandwidth: 10KB/s }\n' +
      "    - { reorder: 2% }\n";
    const { network } = load(text);
    expect(network).toEqual({
      latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 },
      loss: 0,
      duplicate: 0,
      reorder: 0,
      corrupt: 0.01,
      bytesPerSecond: 1_000_000,
      queueBytes: 16_000,
      crossZone: { latency: { kind: "constant", ms: 40 }, loss: 0.01 },
      links: [
        { from: "z1", to: "n2", duplicate: 0.05 },
        { from: "n3", to: "*", bytesPerSecond: 10_000 },
        { from: "*", to: "*", reorder: 0.02 },
      ],
    });
    const plan = planOf(text);
    expect(plan.network).toEqual(network);
    expect(loadPlan(JSON.stringify(plan), "p.json", known)).toEqual({ ok: true, value: plan });
  });

  test("has latencies by mixture and by measurement", () => {
    const latency = (text: string) => load(`network:\n  latency: ${text}\n`).network.latency;
    expect(latency("{ kind: pareto, min: 235us, shape: 10 }")).toEqual({
      kind: "pareto",
      minMs: 0.235,
      shape: 10,
    });
    expect(
      latency(
        "{ kind: mixture, parts: [{ weight: 91.22%, kind: pareto, min: 235us, shape: 10 }, " +
          "{ weight: 8.78, kind: exponential, mean: 602.4096us }] }",
      ),
    ).toEqual({
      kind: "mixture",
      parts: [
        { weight: 91.22, kind: "pareto", minMs: 0.235, shape: 10 },
        { weight: 8.78, kind: "exponential", minMs: 0, meanMs: 0.6024096 },
      ],
    });
    expect(latency("{ kind: empirical, points: [[0%, 200us], [0.5, 1ms], [100%, 50ms]] }")).toEqual({
      kind: "empirical",
      points: [
        [0, 0.2],
        [0.5, 1],
        [1, 50],
      ],
    });
  });

  test.each<[what: string, text: string, problem: string]>([
    [
      "a bandwidth without a unit",
      "  bandwidth: 1000\n",
      's.yaml:4:14 network.bandwidth: expected bytes per second with their unit (B/s, KB/s, MB/s, GB/s), such as 1MB/s, got 1000; did you mean "1000B/s"?',
    ],
    [
      "a probability above one",
      "  corrupt: 3\n",
      's.yaml:4:12 network.corrupt: expected a probability from 0 to 1, such as 0.05 or 5%, got 3; did you mean "3%"?',
    ],
    [
      "zones that are not there",
      "  crossZone: { loss: 1% }\n",
      "s.yaml:4:3 network.crossZone: there are no two zones: say in cluster.zones which machines are where",
    ],
    [
      "a link to nowhere",
      "  links:\n    - { from: n1, to: n22, loss: 1% }\n",
      's.yaml:5:23 network.links[0].to: expected one of the machines and zones n1, n2 or n3, got "n22"; did you mean "n2"?',
    ],
    [
      "an entry that changes nothing",
      "  links:\n    - { from: n1 }\n",
      "s.yaml:5:7 network.links[0]: changes nothing: expected what is different on these links, such as loss",
    ],
    [
      "an unknown field of an entry",
      "  links:\n    - { from: n1, los: 1% }\n",
      's.yaml:5:19 network.links[0].los: unknown key: expected to, latency, loss, duplicate, reorder, corrupt, bandwidth or queue; did you mean "loss"?',
    ],
    [
      "a latency upside down in an entry",
      "  links:\n    - { latency: { kind: uniform, min: 5ms, max: 1ms } }\n",
      "s.yaml:5:50 network.links[0].latency.max: expected at least min (5ms), got 1ms",
    ],
    [
      "a shape that has no end",
      "  latency: { kind: pareto, min: 1ms, shape: 0.1 }\n",
      "s.yaml:4:45 network.latency.shape: expected a number from 0.5 to 1000, got 0.1",
    ],
    [
      "a part of a mixture without a weight",
      "  latency: { kind: mixture, parts: [{ kind: constant, delay: 1ms }] }\n",
      "s.yaml:4:37 network.latency.parts[0].weight: missing: expected a weight in proportion to the others, such as 3 or 91.22%",
    ],
    [
      "a mixture in a mixture",
      "  latency: { kind: mixture, parts: [{ kind: mixture, weight: 1, parts: [] }] }\n",
      's.yaml:4:45 network.latency.parts[0].kind: expected constant, uniform, exponential, lognormal or pareto, got "mixture"',
    ],
    [
      "a weight of nothing",
      "  latency: { kind: mixture, parts: [{ kind: constant, delay: 1ms, weight: 0 }] }\n",
      "s.yaml:4:75 network.latency.parts[0].weight: expected a weight above 0 and at most 1000000, got 0",
    ],
    [
      "points that do not begin at 0%",
      "  latency: { kind: empirical, points: [[1%, 1ms], [100%, 2ms]] }\n",
      "s.yaml:4:41 network.latency.points[0][0]: expected 0% in the first point, got 1%",
    ],
    [
      "points that do not end at 100%",
      "  latency: { kind: empirical, points: [[0%, 1ms], [99%, 2ms]] }\n",
      "s.yaml:4:52 network.latency.points[1][0]: expected 100% in the last point, got 99%",
    ],
    [
      "points out of order",
      "  latency: { kind: empirical, points: [[0%, 1ms], [50%, 2ms], [50%, 3ms], [100%, 2ms]] }\n",
      "s.yaml:4:64 network.latency.points[2][0]: expected more than the 50% before it, got 50%",
    ],
    [
      "delays that fall",
      "  latency: { kind: empirical, points: [[0%, 3ms], [100%, 2ms]] }\n",
      "s.yaml:4:58 network.latency.points[1][1]: expected at least the 3ms before it, got 2ms",
    ],
  ])("%s is refused", (_, text, problem) => {
    expect(problemsOf(`network:\n${text}`)[0]).toBe(problem);
  });
});

describe("where a fault happens", () => {
  const FIVE = "cluster: { machines: 5, zones: 2 }\n";

  test("is drawn from what the scenario allows", () => {
    const where = (fault: string, field: string): Set<unknown> =>
      new Set(
        Array.from({ length: 30 }, (_, seed) =>
          planOf(`${FIVE}faults: [{ ${fault}, count: 2 }]\n`, seed).faults.map(
            (each) => (each as Record<string, unknown>)[field],
          ),
        ).flat(),
      );
    expect(where("kind: slow, among: z2", "machine")).toEqual(new Set(["n2", "n4"]));
    expect(where("kind: slow, among: [n1, z2]", "machine")).toEqual(new Set(["n1", "n2", "n4"]));
    expect(where("kind: clog, among: [n3]", "machine")).toEqual(new Set(["n3"]));
    expect(where("kind: slow-link, from: z1, to: z2", "from")).toEqual(new Set(["n1", "n3", "n5"]));
    expect(where("kind: slow-link, from: z1, to: z2", "to")).toEqual(new Set(["n2", "n4"]));
    expect(where("kind: slow-link, from: n1, to: z1", "to")).toEqual(new Set(["n3", "n5"]));
    expect(where("kind: loss, share: 50%, from: z1", "from")).toEqual(new Set(["z1"]));
    expect(where("kind: congestion, to: n2", "to")).toEqual(new Set(["n2"]));
  });

  test("leaves other draws as they were when nothing is said", () => {
    const faults = (text: string) => planOf(`cluster: { machines: 5 }\nfaults: [{ ${text} }]\n`, 7).faults;
    expect(faults("kind: slow")).toEqual(faults('kind: slow, among: "*"'));
    expect(faults("kind: slow-link")).toEqual(faults('kind: slow-link, from: "*", to: "*"'));
  });

  test.each<[text: string, problem: string]>([
    [
      "{ kind: slow, among: z3 }",
      's.yaml:4:31 faults[0].among: expected one of the machines and zones z1, z2, n1, n2, n3, n4 or n5, got "z3"',
    ],
    [
      "{ kind: crash, among: [n1, n6] }",
      's.yaml:4:37 faults[0].among[1]: expected one of the machines and zones z1, z2, n1, n2, n3, n4 or n5, got "n6"',
    ],
    [
      "{ kind: loss, share: 5%, from: west }",
      's.yaml:4:41 faults[0].from: expected one of the machines and zones z1, z2, n1, n2, n3, n4 or n5, got "west"',
    ],
    [
      "{ kind: slow-link, from: n1, to: n1 }",
      "s.yaml:4:43 faults[0].to: there is no link from n1 to n1: name two machines",
    ],
    [
      "{ kind: clog, among: n1, from: n2 }",
      "s.yaml:4:31 faults[0].among: leave it out: `from` and `to` say already which links are clogged",
    ],
    [
      "{ kind: partition, shape: halves, among: n2 }",
      "s.yaml:4:51 faults[0].among: only isolate-one, one-way, zone-outage have machines to choose among",
    ],
    ["{ kind: swizzle-clog, size: 2..9 }", "s.yaml:4:38 faults[0].size: expected from 1 to 5 machines"],
    [
      "{ kind: congestion, bandwidth: 5KB/s..1KB/s }",
      's.yaml:4:41 faults[0].bandwidth: expected a range with its smaller end first, got "5KB/s..1KB/s"; did you mean "1KB/s..5KB/s"?',
    ],
  ])("is checked: %s", (fault, problem) => {
    expect(problemsOf(`${FIVE}faults: [${fault}]\n`)[0]).toBe(problem);
  });

  test("a bridge and a ring need enough machines", () => {
    expect(problemsOf("faults: [{ kind: partition, shape: [halves, bridge, majority-ring] }]\n")).toEqual([
      "s.yaml:3:36 faults[0].shape: majority-ring needs at least 4 machines, got 3",
    ]);
  });

  test("zone-outage needs zones", () => {
    expect(problemsOf("faults: [{ kind: partition, shape: [zone-outage] }]\n")).toEqual([
      "s.yaml:3:36 faults[0].shape: zone-outage needs two zones: say in cluster.zones who is where",
    ]);
  });
});

describe("a plan", () => {
  const problems = (changes: Partial<Plan>): string[] => {
    const text = JSON.stringify(toyPlan({ system: "cache", policy: "abd", ...changes }));
    const loaded = loadPlan(text, "p.json", known);
    return loaded.ok ? [] : loaded.problems.map((each) => `${each.path}: ${each.message}`);
  };
  const { network, cluster } = toyPlan();

  test("of before has neither zones nor links, and loads", () => {
    expect(problems({})).toEqual([]);
  });

  test("is refused where its zones, links and faults do not fit", () => {
    expect(problems({ cluster: { ...cluster, zones: { z1: ["n1"], z2: ["n2", "n9"] } } })).toEqual([
      'cluster.zones: "n3" is in no zone: put every machine in one',
      'cluster.zones.z2[1]: expected one of the machines n1, n2 or n3, got "n9"',
    ]);
    expect(problems({ network: { ...network, links: [{ from: "n1", to: "z1", loss: 0.5 }] } })).toEqual([
      'network.links[0].to: expected one of the machines and zones n1, n2 or n3, got "z1"',
    ]);
    expect(
      problems({
        network: {
          ...network,
          latency: {
            kind: "empirical",
            points: [
              [0, 5],
              [1, 4],
            ],
          },
        },
      }),
    ).toEqual(["network.latency.points[1][1]: expected at least the 5 before it, got 4"]);
    expect(
      problems({
        faults: [
          { kind: "clog", startMs: 1, endMs: 2 },
          { kind: "loss", startMs: 1, endMs: 2, share: 0.5, from: "east" },
          {
            kind: "swizzle-clog",
            startMs: 1,
            endMs: 2,
            clogs: [
              { machine: "n1", startMs: 1, endMs: 3 },
              { machine: "n7", startMs: 1, endMs: 2 },
              { machine: "n1", startMs: 1, endMs: 2 },
            ],
          },
          { kind: "slow-link", startMs: 1, endMs: 2, from: "n1", to: "n4", factor: 10 },
        ],
      }),
    ).toEqual([
      "faults[0].machine: missing: expected a machine, or the links `from` and `to`",
      'faults[1].from: expected one of the machines and zones n1, n2 or n3, got "east"',
      "faults[2].clogs: expected each within 1 to 2, got 1 to 3",
      'faults[2].clogs[1].machine: expected one of the machines n1, n2 or n3, got "n7"',
      'faults[2].clogs[2].machine: "n1" is named twice',
      'faults[3].to: expected one of the machines n1, n2 or n3, got "n4"',
    ]);
  });
});
