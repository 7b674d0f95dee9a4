import { describe, expect, test } from "vitest";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { cachePlan } from "../../support/cache-plan.ts";
import { known } from "./known-names.ts";

const HEAD = "name: x\nstory: y\n";

function ofScenario(text: string): string[] {
  const loaded = loadScenario(HEAD + text, "s.yaml", known);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

/** With the place of the value that it is about, on the line of the only fault. */
function placed(text: string, problem: string): string {
  const lines = (HEAD + text).split("\n");
  const index = lines.findIndex((line) => line.includes("- {"));
  const line = lines[index] as string;
  const field = /^faults\[0\]\.(\w+)/.exec(problem)?.[1] as string;
  const at = line.indexOf(`${field}: `);
  const isKey = problem.includes("unknown key");
  const column = at < 0 ? line.indexOf("{") : isKey ? at : at + field.length + 2;
  return `s.yaml:${index + 1}:${column + 1} ${problem}`;
}

const faults = (text: string): string => `faults:\n  - { ${text} }\n`;

describe("in a scenario", () => {
  test.each([
    ["kind: slow-cpu, cost: 0ms..5ms", "faults[0].cost: expected more than 0ms"],
    ["kind: slow-cpu, cost: 1ms..2m", "faults[0].cost: expected at most 1m"],
    [
      "kind: slow-cpu, cost: 5..9",
      'faults[0].cost: expected a duration with its unit (us, ms, s, m, h), such as 20ms or 1.5s, got "5..9"; did you mean "5ms..9ms"?',
    ],
    [
      "kind: slow-cpu, cost: 9ms..5ms",
      'faults[0].cost: expected a range with its smaller end first, got "9ms..5ms"; did you mean "5ms..9ms"?',
    ],
    ["kind: crash-at, afterEvents: 0..5", "faults[0].afterEvents: expected at least 1"],
    ["kind: crash-loop, up: 0ms", "faults[0].up: expected more than 0ms"],
    ["kind: crash-loop, down: 0ms", "faults[0].down: expected more than 0ms"],
    [
      "kind: crash-loop, up: 1ms, down: 1ms, lasts: 9s",
      "faults[0].lasts: expected at most 1000 crashes: shorten the fault, or lengthen `down` and `up`",
    ],
    [
      "kind: rolling-restart, lasts: 5s",
      "faults[0].lasts: expected more than 9s, got 5s: each of 3 machines is down for up to 1s and has 2s to catch up",
    ],
    [
      "kind: rolling-restart, between: 1s..4s",
      "faults[0].lasts: expected more than 9s, got 3s: each of 3 machines is down for up to 1s and has 2s to catch up",
    ],
    [
      "kind: crash-at, disk: kept",
      "faults[0].kind: crash-at needs machines with a journal (cluster.durability: journal): without one nothing is on the disks",
    ],
    ["kind: crash-loop, disk: keep", 'faults[0].disk: expected kept or lost, got "keep"'],
    ["kind: pause, machine: n1", "faults[0].machine: unknown key: expected count, lasts, between or among"],
    [
      "kind: clock-drift",
      "faults[0].kind: clock-drift makes a clock wrong, but budget.clockSkew is 0: say there how far clocks may be apart, or leave the fault out",
    ],
    [
      "kind: clock-offset, by: 5ms",
      "faults[0].kind: clock-offset makes a clock wrong, but budget.clockSkew is 0: say there how far clocks may be apart, or leave the fault out",
    ],
  ])("%s", (fault, problem) => {
    expect(ofScenario(faults(fault))).toEqual([placed(faults(fault), problem)]);
  });

  test.each([
    [
      "kind: clock-jump, by: 80ms..90ms",
      "faults[0].by: expected at most budget.clockSkew (50ms) at the lower end, got 80ms",
    ],
    [
      "kind: clock-jump, direction: ahead",
      'faults[0].direction: expected forward, backward or either, got "ahead"',
    ],
    ["kind: clock-jump, corrected: 1", "faults[0].corrected: expected true or false, got 1"],
    ["kind: clock-drift, ppm: 0..9", "faults[0].ppm: expected at least 1"],
    ["kind: clock-drift, ppm: 1..300000", "faults[0].ppm: expected at most 200000"],
  ])("with a budget, %s", (fault, problem) => {
    const text = `${faults(fault)}budget: { clockSkew: 50ms }\n`;
    expect(ofScenario(text)).toEqual([placed(text, problem)]);
  });

  test("a skew has its unit, and is not negative", () => {
    expect(ofScenario("budget: { clockSkew: 50 }\n")[0]).toContain('did you mean "50ms"?');
    expect(ofScenario("budget: { clockSkew: -5ms }\n")[0]).toContain("expected a duration with its unit");
  });

  test("whoever forgets needs a budget for it, however it comes about", () => {
    for (const kind of ["crash-at", "crash-loop", "rolling-restart"]) {
      const text = `budget: { forgetting: 0 }\n${faults(`kind: ${kind}, lasts: 9500ms`)}`;
      const problem = `faults[0].kind: ${kind} makes a machine forget, but budget.forgetting is 0: allow 1, or leave the fault out`;
      expect(ofScenario(text)).toEqual([placed(text, problem)]);
    }
  });

  test.each([
    [
      "kind: crash, among: n1, count: 2, lasts: 3s, between: 1s..6s",
      "faults[0].count: expected at most 1, got 2: each takes at least 3s of 5s, and a machine goes down once at a time",
    ],
    [
      "kind: crash, count: 50..60, lasts: 1s..2s",
      "faults[0].count: expected at most 30, got 50: each takes at least 1s of 10s, and a machine goes down once at a time",
    ],
    [
      "kind: power-loss, count: 3, lasts: 4s",
      "faults[0].count: expected at most 2, got 3: each takes at least 4s of 10s, and a machine goes down once at a time",
    ],
  ])("more than there is room for, %s", (fault, problem) => {
    const text = `cluster: { machines: 3, durability: journal }\n${faults(fault)}`;
    expect(ofScenario(text)).toEqual([placed(text, problem)]);
  });

  test("as many as there is room for are taken, and any number of what keeps no machine down", () => {
    for (const fault of [
      "kind: crash, among: n1, count: 2, lasts: 3s",
      "kind: crash, count: 0..60, lasts: 1s",
      "kind: crash, count: 9, lasts: 0ms, between: 5s..5s",
      "kind: pause, count: 9, lasts: 9s",
    ]) {
      expect(ofScenario(faults(fault))).toEqual([]);
    }
  });

  test("a point or a process that is nowhere in the system's code is refused, if that is known", () => {
    const hooks = { crashpoints: ["before-store", "after-store"], processes: ["repair", "expiry"] };
    const problemsOf = (fault: string): string[] => {
      const loaded = loadScenario(HEAD + faults(fault), "s.yaml", { ...known, ...hooks });
      return loaded.ok ? [] : loaded.problems.map(renderProblem);
    };
    expect(problemsOf("kind: crash-point, point: before-stor")).toEqual([
      's.yaml:4:33 faults[0].point: expected one of the crash points before-store or after-store, got "before-stor"; did you mean "before-store"?',
    ]);
    expect(problemsOf("kind: kill-process, process: nobody")).toEqual([
      's.yaml:4:36 faults[0].process: expected one of the background processes repair or expiry, got "nobody"',
    ]);
    for (const fault of [
      "kind: crash-point, point: after-store",
      "kind: crash-point",
      "kind: kill-process",
    ]) {
      expect(problemsOf(fault)).toEqual([]);
    }
    expect(ofScenario(faults("kind: kill-process, process: nobody"))).toEqual([]);
  });

  test("names from a file are no keys of an object's own", () => {
    expect(ofScenario(faults("kind: kill-process, process: __proto__"))).toEqual([]);
    expect(ofScenario(faults("kind: __proto__"))).toHaveLength(1);
  });
});

describe("in a plan", () => {
  const window = { startMs: 100, endMs: 400 };
  const problemsOf = (...plans: object[]) => {
    const text = JSON.stringify(cachePlan({ faults: plans as never }));
    const loaded = loadPlan(text, "p.json", { ...known, systems: ["cache"] });
    return loaded.ok ? [] : loaded.problems.map((problem) => renderProblem(problem).replace(/^\S+ /, ""));
  };

  test("names of points, processes and detours are those of the system's code, if these are known", () => {
    const hooks = { crashpoints: ["before-store"], processes: ["repair"], detours: ["write-back"] };
    const changes = {
      faults: [
        { kind: "crash-point", ...window, machine: "n1", point: "nowhere", hits: 1 },
        { kind: "kill-process", ...window, machine: "n2", process: "nobody" },
        { kind: "kill-process", ...window, machine: "n2", process: "any" },
      ],
      detours: { "write-bak": 0.5 },
    };
    const text = JSON.stringify(cachePlan(changes as never));
    const loaded = loadPlan(text, "p.json", { ...known, ...hooks });
    const problems = loaded.ok ? [] : loaded.problems.map((each) => renderProblem(each).replace(/^\S+ /, ""));
    expect(problems).toEqual([
      'faults[0].point: expected one of the crash points before-store, got "nowhere"',
      'faults[1].process: expected one of the background processes repair, got "nobody"',
      'detours.write-bak: expected one of the detours write-back, got "write-bak"; did you mean "write-back"?',
    ]);
  });

  test.each([
    [
      { kind: "pause", machine: "n9" },
      'faults[0].machine: expected one of the machines n1, n2 or n3, got "n9"',
    ],
    [{ kind: "slow-cpu", machine: "n1", costMs: 0 }, "faults[0].costMs: expected at least 0.001, got 0"],
    [
      { kind: "slow-cpu", machine: "n1", costMs: 1.23456 },
      "faults[0].costMs: expected whole microseconds (at most three decimals), got 1.23456",
    ],
    [
      { kind: "crash-at", machine: "n1", afterEvents: 1.5 },
      "faults[0].afterEvents: expected a whole number, got 1.5",
    ],
    [
      { kind: "crash-loop", machine: "n1", upMs: 0.001, downMs: 0.1 },
      "faults[0].endMs: expected at most 1000 crashes: shorten the fault, or lengthen `down` and `up`",
    ],
    [
      { kind: "rolling-restart", machines: ["n1", "n2", "n3"], downMs: 101 },
      "faults[0].downMs: expected at most 100, a machine's share",
    ],
    [
      { kind: "rolling-restart", machines: ["n1", "n2", "n1"], downMs: 10 },
      'faults[0].machines[2]: "n1" is named twice',
    ],
    [
      { kind: "clock-drift", machine: "n1", ppm: 200_001 },
      "faults[0].ppm: expected at most 200000, got 200001",
    ],
    [
      { kind: "clock-jump", machine: "n1", jumpMs: 5 },
      "faults[0].isCorrected: missing: expected true or false",
    ],
  ])("%j", (fault, problem) => {
    expect(problemsOf({ ...window, ...fault })).toEqual([problem]);
  });

  test("a machine that is down cannot go down, whatever the kinds", () => {
    const rolling = { kind: "rolling-restart", ...window, machines: ["n1", "n2", "n3"], downMs: 50 };
    const crash = (startMs: number) => ({ kind: "crash", startMs, endMs: startMs + 20, machine: "n2" });
    expect(problemsOf(rolling, crash(170), crash(260))).toEqual([]);
    expect(problemsOf(rolling, crash(190))).toEqual([
      "faults[0].startMs: expected a time after 210, got 200: n2 is still down from faults[1] (190 to 210)",
    ]);
    expect(problemsOf(rolling, crash(240))).toEqual([
      "faults[1].startMs: expected a time after 250, got 240: n2 is still down from faults[0] (200 to 250)",
    ]);
  });

  test("may have clocks that are further apart than it says", () => {
    expect(problemsOf({ ...window, kind: "clock-offset", machine: "n1", offsetMs: -5000 })).toEqual([]);
  });
});
