import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { knownNames } from "../../../sim/cli/known.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadStudy } from "../../../sim/study/load-study.ts";
import { conditionName, ONLY, scenariosOf, someScenario } from "../../../sim/study/study.ts";

const folder = fileURLToPath(new URL("../../../studies/", import.meta.url));

const good = `name: s
story: Why.
scenario:
  cluster: { machines: 3 }
policies: [abd, quorum]
grid:
  quorum: { read: [1, 2], write: [2, 3] }
networks:
  near: { latency: { kind: constant, delay: 1ms } }
  far: { latency: { kind: constant, delay: 40ms } }
faults:
  none: []
  crash: [{ kind: crash }]
workloads:
  reads: { mix: { get: 9, set: 1 } }
baseline: abd
bounds: ["read-p99 < 20ms in far"]
`;

function problemsOf(text: string): string[] {
  const loaded = loadStudy(text, "s.yaml", knownNames);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

describe("a study", () => {
  test("is every policy of the grid under every condition", () => {
    const loaded = loadStudy(good, "s.yaml", knownNames);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
    const { candidates, conditions, bounds, measures } = loaded.value;
    expect(candidates.map(({ name }) => name)).toEqual([
      "abd",
      "quorum(read=1,write=2)",
      "quorum(read=1,write=3)",
      "quorum(read=2,write=2)",
      "quorum(read=2,write=3)",
    ]);
    expect(conditions.map(({ network, faults }) => `${network} ${faults}`)).toEqual([
      "near none",
      "near crash",
      "far none",
      "far crash",
    ]);
    expect(conditions[2]?.scenarios.get(ONLY)?.network.latency).toEqual({ kind: "constant", ms: 40 });
    expect(bounds).toMatchObject([{ measure: "read-p99", operator: "<", limit: 20, within: "far" }]);
    expect(measures).toContain("messages");
  });

  test("may be of several ways to set the system", () => {
    const text = good
      .replace("policies:", "  timing: { healthMs: 1s, repairMs: 2s }\npolicies:")
      .replace(
        "networks:",
        "settings:\n  usual: {}\n  hasty: { machines: 5, timing: { healthMs: 300ms }, thresholds: { suspectedAfter: 1 } }\nnetworks:",
      );
    const loaded = loadStudy(text, "s.yaml", knownNames);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
    const [first] = loaded.value.conditions;
    const scenarios = first?.scenarios ?? new Map();
    expect(loaded.value.candidates.slice(0, 3).map(({ name }) => name)).toEqual([
      "abd (usual)",
      "abd (hasty)",
      "quorum(read=1,write=2) (usual)",
    ]);
    expect(loaded.value.baseline).toBe("abd (usual)");
    expect([...scenariosOf(loaded.value).keys()][1]).toBe("hasty, near, none, reads");
    expect(scenarios.get("usual")).toMatchObject({ timing: { healthMs: 1000, repairMs: 2000 } });
    expect(scenarios.get("usual")?.thresholds).toBeUndefined();
    expect(scenarios.get("hasty")).toMatchObject({
      cluster: { machines: ["n1", "n2", "n3", "n4", "n5"] },
      timing: { healthMs: 300, repairMs: 2000 },
      thresholds: { suspectedAfter: 1 },
    });
    expect(problemsOf(text.replace("suspectedAfter", "suspectAfter"))).toEqual([
      's.yaml:11:68 settings.hasty.thresholds.suspectAfter: expected one of the thresholds degradedAfter, unhealthyAfter, suspectedAfter or healthyAfter, got "suspectAfter"; did you mean "suspectedAfter"?',
    ]);
    expect(problemsOf(text.replace("healthMs: 1s", "heathMs: 1s"))[0]).toMatch(
      /^s\.yaml:5:\d+ scenario\.timing\.heathMs: expected one of the timings/,
    );
    expect(problemsOf(text.replace("suspectedAfter: 1", "suspectedAfter: 0"))[0]).toMatch(
      /^s\.yaml:11:\d+ settings\.hasty\.thresholds\.suspectedAfter: expected at least 1, got 0$/,
    );
  });

  test("may be of several clusters, each the common one but for what it says", () => {
    const text = good.replace(
      "networks:",
      "clusters:\n  few: {}\n  many: { machines: 5, ttlMode: relative }\nnetworks:",
    );
    const loaded = loadStudy(text, "s.yaml", knownNames);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
    const { conditions } = loaded.value;
    expect(conditions.map(conditionName)).toEqual([
      "few, near, none, reads",
      "few, near, crash, reads",
      "few, far, none, reads",
      "few, far, crash, reads",
      "many, near, none, reads",
      "many, near, crash, reads",
      "many, far, none, reads",
      "many, far, crash, reads",
    ]);
    expect(conditions.map((condition) => someScenario(condition).cluster.machines.length)).toEqual([
      3, 3, 3, 3, 5, 5, 5, 5,
    ]);
    expect(conditions.at(-1)?.scenarios.get(ONLY)?.cluster).toMatchObject({
      ttlMode: "relative",
      replication: 3,
    });
    const wrong = text.replace("ttlMode: relative", "ttlMode: mine");
    expect(problemsOf(wrong)[0]).toMatch(
      /^s\.yaml:10:\d+ clusters\.many\.ttlMode: expected absolute or relative/,
    );
  });

  test.each([
    [
      "policies: [abd, quorum]",
      "policies: []",
      /^s\.yaml:5:11 policies: expected at least 1 item, got an empty list/,
    ],
    [
      "policies: [abd, quorum]",
      "policies: [abd, qourum]",
      /^s\.yaml:5:17 policies\[1\]: .*did you mean "quorum"/,
    ],
    ["read: [1, 2]", "read: []", /^s\.yaml:7:\d+ grid\.quorum\.read: /],
    [
      "read: [1, 2]",
      "read: [1, 9]",
      /^s\.yaml:7:11 grid\.quorum: read .* expected a whole number from 1 to 3/,
    ],
    ["quorum: {", "seed: {", /^s\.yaml:7:3 grid\.seed: not among the policies/],
    ["delay: 40ms", "delay: 40", /^s\.yaml:10:\d+ networks\.far\.latency\.delay: /],
    ["kind: crash", "kind: crsh", /^s\.yaml:13:\d+ faults\.crash\[0\]\.kind: .*did you mean "crash"/],
    ["get: 9, set: 1", "get: 0, set: 0", /^s\.yaml:15:\d+ workloads\.reads\.mix: /],
    ["machines: 3", "machines: 0", /^s\.yaml:4:\d+ scenario\.cluster\.machines: expected at least 1, got 0/],
    ["baseline: abd", "baseline: seed", /^s\.yaml:16:11 baseline: expected one of the policies of the study/],
    ["read-p99 <", "read-99 <", /^s\.yaml:17:\d+ bounds\[0\]: .*got "read-99"; did you mean "read-p99"/],
    ["20ms in far", "20ms in fra", /^s\.yaml:17:\d+ bounds\[0\]: .*got "fra"/],
    ["20ms in far", "20% in far", /^s\.yaml:17:\d+ bounds\[0\]: read-p99: expected a number with ms or s/],
    [
      "baseline: abd",
      "measures: [majority-availability]",
      /^s\.yaml:16:12 measures\[0\]: majority-availability: nothing to measure under any condition, since the scenario has no partitions/,
    ],
    [
      "baseline: abd",
      "cost: hit-ratio",
      /^s\.yaml:16:7 cost: hit-ratio: more of it is better: expected what a policy costs/,
    ],
    [
      "read-p99 < 20ms in far",
      "write-outage < 20ms in none",
      /^s\.yaml:17:\d+ bounds\[0\]: write-outage: nothing to measure there, since/,
    ],
    ["  reads: { mix: { get: 9, set: 1 } }", "", /^s\.yaml:14:\d+ workloads: /],
  ])("says in one line what is wrong: %s -> %s", (from, to, expected) => {
    expect(good).toContain(from);
    expect(problemsOf(good.replace(from, to))[0]).toMatch(expected);
  });

  test("inherits nothing from a prototype", () => {
    expect(problemsOf(good.replace("  near:", "  __proto__:"))[0]).toMatch(/^s\.yaml:9:3 .*__proto__/);
  });
});

test("the studies and workloads of the documentation are such", () => {
  const page = readFileSync(new URL("../../../docs/exploring.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map((block) => block[1] as string);
  const studies = blocks.map((block) => {
    if (block.startsWith("name: ")) return block;
    if (block.startsWith("settings:"))
      return `name: s\nstory: Why.\npolicies: [abd]\nscenario: { cluster: { machines: 5 } }\n${block}`;
    const inside = block.replaceAll(/^/gm, "  ");
    return `name: s\nstory: Why.\npolicies: [abd]\nscenario:\n${inside}`;
  });
  expect(studies).toHaveLength(3);
  expect(studies.map(problemsOf)).toEqual([[], [], []]);
});

test.each(readdirSync(folder))("%s is a study", (file) => {
  expect(problemsOf(readFileSync(`${folder}${file}`, "utf8"))).toEqual([]);
});
