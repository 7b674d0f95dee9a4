import { describe, expect, test } from "vitest";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import type { Scenario } from "../../../sim/run/scenario/scenario.ts";
import { anyKind, known } from "./known-names.ts";

function problemsOf(text: string): string[] {
  const loaded = loadScenario(text, "s.yaml", known);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

function load(text: string): Scenario {
  const loaded = loadScenario(text, "s.yaml", known);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.value;
}

const HEAD = "name: x\nstory: y\n";

describe("a short scenario", () => {
  test("needs only a name and a story", () => {
    expect(load(HEAD)).toEqual({
      name: "x",
      story: "y",
      tags: [],
      cluster: {
        machines: ["n1", "n2", "n3"],
        spares: [],
        replication: 3,
        durability: "memory",
        ttlMode: "absolute",
      },
      network: {
        latency: { kind: "lognormal", medianMs: 2, p99Ms: 20 },
        loss: 0,
        duplicate: 0,
        reorder: 0,
      },
      disk: { sync: { kind: "constant", ms: 1 } },
      workload: {
        clients: 4,
        operations: 25,
        keys: ["k1", "k2", "k3"],
        mix: { get: 5, set: 4, delete: 1, compareAndSet: 0, touch: 0, getOrLoad: 0 },
        loads: { min: 1, max: 50 },
        bursts: 0.3,
        deadlineMs: 1000,
      },
      faults: [],
      changes: [],
      budget: { forgetting: 1, catchUpMs: 2000, clockSkewMs: 0, clockDriftPpm: 0 },
      detours: { share: 0.25, taken: { min: 0.01, max: 0.25 } },
      swarm: true,
      phases: { safetyMs: 10_000, settleMs: 5000, auditMs: 3000 },
      strategy: "random",
      expect: [],
    });
  });

  test("may keep journals, and then lose power and disks", () => {
    const durable = load(
      `${HEAD}cluster: { machines: 2, durability: journal }\ndisk: { sync: { kind: constant, delay: 3ms } }\n` +
        "faults:\n  - { kind: power-loss }\n  - { kind: crash, disk: kept }\n  - { kind: slow-disk }\n" +
        "  - { kind: sync-failure }\n",
    );
    expect(durable.cluster.durability).toBe("journal");
    expect(durable.disk).toEqual({ sync: { kind: "constant", ms: 3 } });
    expect(durable.budget.forgetting).toBe(0);
    expect(durable.faults).toMatchObject([
      { kind: "power-loss" },
      { kind: "crash", disk: "kept" },
      { kind: "slow-disk", factor: { min: 10, max: 1000 } },
      { kind: "sync-failure", share: { min: 1, max: 1 } },
    ]);
    expect(load(`${HEAD}faults: [{ kind: crash }]`).faults).toMatchObject([{ kind: "crash", disk: "lost" }]);
  });

  test("has defaults that follow from what it says", () => {
    expect(load(`${HEAD}cluster: { machines: 2 }`).cluster.replication).toBe(2);
    expect(load(`${HEAD}cluster: { machines: 2 }`).budget.forgetting).toBe(0);
    expect(load(`${HEAD}cluster: { machines: 7, replication: 5 }`).budget.forgetting).toBe(2);
    expect(load(`${HEAD}cluster: { machines: [a, b, c] }`).cluster.machines).toEqual(["a", "b", "c"]);
    expect(load(`${HEAD}workload: { keys: [one], mix: { set: 1 } }`).workload).toMatchObject({
      keys: ["one"],
      mix: { get: 0, set: 1, delete: 0 },
    });
    expect(load(`${HEAD}faults: [{ kind: slow, between: 1s..9s }]`).faults).toEqual([
      {
        kind: "slow",
        count: { min: 1, max: 2 },
        lasts: { min: 400, max: 2400 },
        between: { min: 1000, max: 9000 },
        factor: { min: 10, max: 50 },
      },
    ]);
  });

  test("may be JSON, may use anchors, may have Windows line ends and a byte order mark", () => {
    expect(load('{"name": "x", "story": "y", "workload": {"keys": 2}}').workload.keys).toEqual(["k1", "k2"]);
    expect(load(`${HEAD}network: { loss: &p 5%, duplicate: *p }`).network.duplicate).toBe(0.05);
    expect(load("\uFEFFname: x\r\nstory: y\r\n").name).toBe("x");
  });

  test("names every latency model as a person would", () => {
    const latency = (text: string) => load(`${HEAD}network: { latency: ${text} }`).network.latency;
    expect(latency("{ kind: constant, delay: 5ms }")).toEqual({ kind: "constant", ms: 5 });
    expect(latency("{ kind: uniform, min: 1ms, max: 5ms }")).toEqual({ kind: "uniform", minMs: 1, maxMs: 5 });
    expect(latency("{ kind: exponential, mean: 4ms }")).toEqual({ kind: "exponential", minMs: 0, meanMs: 4 });
  });
});

const DURATION = "a duration with its unit (us, ms, s, m, h), such as 20ms or 1.5s";

describe("what is wrong with a field is one line: where, what was expected, what was found", () => {
  test.each<[what: string, text: string, problem: string]>([
    [
      "a misspelt value",
      "network:\n  latency:\n    kind: lognomal\n",
      's.yaml:5:11 network.latency.kind: expected constant, uniform, exponential, lognormal, pareto, mixture or empirical, got "lognomal"; did you mean "lognormal"?',
    ],
    [
      "a value that is like none",
      "network:\n  latency: { kind: weibull }\n",
      's.yaml:4:20 network.latency.kind: expected constant, uniform, exponential, lognormal, pareto, mixture or empirical, got "weibull"',
    ],
    [
      "a misspelt key, at the key",
      "cluster:\n  machines: 3\n  replicaton: 2\n",
      's.yaml:5:3 cluster.replicaton: unknown key: expected spares, zones, replication, durability or ttlMode; did you mean "replication"?',
    ],
    [
      "an unknown key at the top",
      "fault: []\n",
      's.yaml:3:1 fault: unknown key: expected tags, cluster, network, disk, workload, faults, changes, budget, detours, swarm, phases, timing, thresholds, invariants, strategy, expect or policies; did you mean "faults"?',
    ],
    [
      "an unknown key of one kind of fault",
      "faults:\n  - kind: slow\n    facter: 10\n",
      's.yaml:5:5 faults[0].facter: unknown key: expected count, lasts, between, factor or among; did you mean "factor"?',
    ],
    [
      "a field of another kind of latency",
      "network:\n  latency: { kind: exponential, mean: 1ms, p99: 2ms }\n",
      "s.yaml:4:44 network.latency.p99: unknown key: expected min",
    ],
    [
      "a missing field, at the mapping that lacks it",
      "network:\n  latency: { kind: exponential }\n",
      `s.yaml:4:3 network.latency.mean: missing: expected ${DURATION}`,
    ],
    [
      "a missing field of an item of a list",
      "faults:\n  - kind: crash\n  - count: 2\n",
      `s.yaml:5:5 faults[1].kind: missing: expected ${anyKind}`,
    ],
    [
      "an unknown kind of fault",
      "faults:\n  - kind: partiton\n",
      `s.yaml:4:11 faults[0].kind: expected ${anyKind}, got "partiton"; did you mean "partition"?`,
    ],
    [
      "a shape of partition that is none",
      "faults:\n  - kind: partition\n    shape: halfs\n",
      's.yaml:5:12 faults[0].shape: expected halves, isolate-one, one-way, random-split, bridge, majority-ring or zone-outage, got "halfs"; did you mean "halves"?',
    ],
    [
      "one of several shapes",
      "faults:\n  - kind: partition\n    shape: [halves, isolate-on]\n",
      's.yaml:5:21 faults[0].shape[1]: expected halves, isolate-one, one-way, random-split, bridge, majority-ring or zone-outage, got "isolate-on"; did you mean "isolate-one"?',
    ],
    [
      "a duration without a unit",
      "workload:\n  deadline: 500\n",
      `s.yaml:4:13 workload.deadline: expected ${DURATION}, got 500; did you mean "500ms"?`,
    ],
    [
      "a wrong unit",
      "workload:\n  deadline: 2sec\n",
      `s.yaml:4:13 workload.deadline: expected ${DURATION}, got "2sec"; did you mean "2s"?`,
    ],
    [
      "a range upside down",
      "faults:\n  - kind: crash\n    lasts: 3s..500ms\n",
      's.yaml:5:12 faults[0].lasts: expected a range with its smaller end first, got "3s..500ms"; did you mean "500ms..3s"?',
    ],
    [
      "a probability above one",
      "network:\n  loss: 5\n",
      's.yaml:4:9 network.loss: expected a probability from 0 to 1, such as 0.05 or 5%, got 5; did you mean "5%"?',
    ],
    [
      "a probability that is no number",
      "network:\n  loss: .nan\n",
      "s.yaml:4:9 network.loss: expected a probability from 0 to 1, such as 0.05 or 5%, got NaN",
    ],
    [
      "a negative weight",
      "workload:\n  mix: { get: -1 }\n",
      "s.yaml:4:15 workload.mix.get: expected at least 0, got -1",
    ],
    [
      "text instead of a number",
      "workload:\n  clients: many\n",
      's.yaml:4:12 workload.clients: expected a whole number, zero or more, got "many"',
    ],
    [
      "a mapping instead of a number or a list",
      "workload:\n  keys: { a: 1 }\n",
      "s.yaml:4:9 workload.keys: expected a number of keys or a list of their names, got a mapping",
    ],
    [
      "more machines than there may be",
      "cluster:\n  machines: 1000000000\n",
      "s.yaml:4:13 cluster.machines: expected a whole number of machines, at most 1000, got 1000000000",
    ],
    ["no machines", "cluster:\n  machines: 0\n", "s.yaml:4:13 cluster.machines: expected at least 1, got 0"],
    [
      "one bad name in a list",
      "cluster:\n  machines: [n1, n 2, n3]\n",
      "s.yaml:4:18 cluster.machines[1]: expected a name of letters, digits, '.', '_' or '-', got \"n 2\"",
    ],
    [
      "an empty list",
      "invariants: []\n",
      "s.yaml:3:13 invariants: expected at least 1 item, got an empty list",
    ],
    [
      "a list instead of a mapping",
      "network: [1]\n",
      "s.yaml:3:10 network: expected a mapping, got a list of 1",
    ],
    ["nothing instead of a mapping", "network:\n", "s.yaml:3:9 network: expected a mapping, got nothing"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(HEAD + text)).toEqual([problem]);
  });

  test("a missing story and a bad name", () => {
    expect(problemsOf("name: my scenario\n")).toEqual([
      "s.yaml:1:1 story: missing: expected text",
      "s.yaml:1:7 name: expected a name of letters, digits, '.', '_' or '-', got \"my scenario\"",
    ]);
    expect(problemsOf("name: x\nstory: ''\n")).toEqual([
      's.yaml:2:8 story: expected at least 1 character, got ""',
    ]);
  });

  test("JSON has positions too", () => {
    const text = '{\n  "name": "x",\n  "story": "y",\n  "network": {\n    "los": 0.5,\n    "loss": 2\n  }\n}';
    expect(problemsOf(text)).toEqual([
      "s.yaml:5:5 network.los: unknown key: expected latency, duplicate, reorder, corrupt, bandwidth, queue, crossZone, links, messages or near",
      's.yaml:6:13 network.loss: expected a probability from 0 to 1, such as 0.05 or 5%, got 2; did you mean "2%"?',
    ]);
  });

  test("all problems are told at once, in the order of the file, up to a screenful", () => {
    const many = Array.from({ length: 30 }, (_, i) => `a${i}: 1\n`).join("");
    const problems = problemsOf(`story: y\n${many}name: x\nnetwork: { loss: 7 }\n`);
    expect(problems).toHaveLength(21);
    expect(problems[0]).toMatch(/^s\.yaml:2:1 a0: unknown key/);
    expect(problems[20]).toBe("s.yaml: and 11 more problems");
  });
});

describe("what does not fit together", () => {
  test.each<[what: string, text: string, problem: string]>([
    [
      "more replicas than machines",
      "cluster: { machines: 2, replication: 3 }\n",
      "s.yaml:3:38 cluster.replication: expected at most 2, the number of machines, got 3",
    ],
    [
      "no replica",
      "cluster: { replication: 0 }\n",
      "s.yaml:3:25 cluster.replication: expected at least 1, got 0",
    ],
    [
      "no machine",
      "cluster: { machines: 0, replication: 1 }\n",
      "s.yaml:3:22 cluster.machines: expected at least 1, got 0",
    ],
    [
      "too many machines",
      "cluster: { machines: 1001 }\n",
      "s.yaml:3:22 cluster.machines: expected at most 1000, got 1001",
    ],
    [
      "a machine named twice",
      "cluster: { machines: [a, b, a] }\n",
      's.yaml:3:29 cluster.machines[2]: "a" is given twice: keep one',
    ],
    [
      "a key named twice",
      "workload: { keys: [a, a] }\n",
      's.yaml:3:23 workload.keys[1]: "a" is given twice: keep one',
    ],
    ["no client", "workload: { clients: 0 }\n", "s.yaml:3:22 workload.clients: expected at least 1, got 0"],
    [
      "too many operations",
      "workload: { operations: 300000 }\n",
      "s.yaml:3:25 workload.operations: expected at most 225000, got 300000",
    ],
    [
      "a mix of nothing",
      "workload: { mix: { get: 0 } }\n",
      "s.yaml:3:18 workload.mix: expected a weight above 0 for at least one of get, set, delete, compareAndSet, touch, getOrLoad",
    ],
    [
      "a deadline of nothing",
      "workload: { deadline: 0s }\n",
      "s.yaml:3:23 workload.deadline: expected at least 1ms, got 0ms",
    ],
    [
      "operations that do not fit",
      "workload: { gap: 500ms..1s }\n",
      "s.yaml:3:18 workload.gap: 25 operations up to 1s apart take up to 25s, but the phases safety and settle end after 15s: shorten the gap, or leave it out to spread the operations evenly",
    ],
    [
      "touches of values that never expire",
      "workload: { mix: { touch: 1 } }\n",
      "s.yaml:3:27 workload.mix.touch: a touch needs a time to live: add workload.ttl, from which it is drawn, or take touch out",
    ],
    [
      "a life of nothing",
      "workload: { ttl: { lasts: 0ms..1s } }\n",
      "s.yaml:3:27 workload.ttl.lasts: expected more than 0ms",
    ],
    [
      "a latency upside down",
      "network: { latency: { kind: uniform, min: 5ms, max: 1ms } }\n",
      "s.yaml:3:53 network.latency.max: expected at least min (5ms), got 1ms",
    ],
    [
      "a mean below the minimum",
      "network: { latency: { kind: exponential, min: 5ms, mean: 1ms } }\n",
      "s.yaml:3:58 network.latency.mean: expected at least min (5ms), got 1ms",
    ],
    [
      "a median above the tail",
      "network: { latency: { kind: lognormal, median: 50ms, p99: 20ms } }\n",
      "s.yaml:3:59 network.latency.p99: expected at least the median (50ms), got 20ms",
    ],
    [
      "a median of nothing",
      "network: { latency: { kind: lognormal, median: 0ms, p99: 20ms } }\n",
      "s.yaml:3:48 network.latency.median: expected more than 0ms",
    ],
    [
      "a window outside of its phase",
      "faults:\n  - { kind: crash, between: 5s..20s }\n",
      "s.yaml:4:29 faults[0].between: expected an end within the safety phase (10s), got 20s",
    ],
    [
      "a fault longer than its window",
      "faults:\n  - { kind: crash, lasts: 3s, between: 5s..6s }\n",
      "s.yaml:4:27 faults[0].lasts: expected at most 1s, the length of the window `between`, got 3s",
    ],
    [
      "a fault longer than the safety phase",
      "faults:\n  - { kind: slow, lasts: 1s..3s }\nphases: { safety: 2s }\n",
      "s.yaml:4:26 faults[0].lasts: expected at most 2s, the length of the safety phase, got 3s",
    ],
    [
      "a fault that needs more machines",
      "cluster: { machines: 1 }\nfaults:\n  - kind: partition\n",
      "s.yaml:5:11 faults[0].kind: partition needs at least 2 machines, got 1",
    ],
    [
      "a budget that no system could survive",
      "budget: { forgetting: 2 }\n",
      "s.yaml:3:23 budget.forgetting: expected at most 1, got 2: of 3 replicas a majority must remember, or no system could keep what it acknowledged",
    ],
    [
      "a fault that the budget never allows",
      "budget: { forgetting: 0 }\nfaults:\n  - kind: crash\n",
      "s.yaml:5:11 faults[0].kind: crash makes a machine forget, but budget.forgetting is 0: allow 1, or leave the fault out",
    ],
    [
      "a fault that too few replicas never allow",
      "cluster: { machines: 5, replication: 2 }\nfaults:\n  - kind: crash\n",
      "s.yaml:5:11 faults[0].kind: crash makes a machine forget, but with replication 2 no majority would remember: use 3 or more",
    ],
    [
      "a loss of power that nothing could survive",
      "faults:\n  - kind: power-loss\n",
      "s.yaml:4:11 faults[0].kind: power-loss needs machines with a journal (cluster.durability: journal): without one they all forget, and no system could keep what it acknowledged",
    ],
    [
      "a disk that nobody uses",
      "faults:\n  - kind: slow-disk\n",
      "s.yaml:4:11 faults[0].kind: slow-disk needs machines with a journal (cluster.durability: journal): without one nothing is on the disks",
    ],
    [
      "a disk kept that nothing is kept on",
      "faults:\n  - { kind: crash, disk: kept }\n",
      "s.yaml:4:13 faults[0].kind: crash needs machines with a journal (cluster.durability: journal): without one nothing is on the disks",
    ],
    [
      "rot where no machine may forget",
      "cluster: { machines: 2, durability: journal }\nfaults:\n  - kind: bit-rot\n",
      "s.yaml:5:11 faults[0].kind: bit-rot makes a machine forget, but with replication 2 no majority would remember: use 3 or more",
    ],
    [
      "a sync with its median above its tail",
      "disk: { sync: { kind: lognormal, median: 50ms, p99: 20ms } }\n",
      "s.yaml:3:53 disk.sync.p99: expected at least the median (50ms), got 20ms",
    ],
    [
      "too many faults",
      "faults:\n  - { kind: slow, count: 0..60000 }\n  - { kind: slow, count: 60000 }\n",
      "s.yaml:4:3 faults: expected at most 100000 faults together, got up to 120000",
    ],
    ["no safety phase", "phases: { safety: 0s }\n", "s.yaml:3:19 phases.safety: expected more than 0ms"],
    [
      "an audit shorter than its reads",
      "phases: { audit: 500ms }\n",
      "s.yaml:3:18 phases.audit: expected at least 1.101s, got 500ms: the final reads may take the deadline of 1s",
    ],
    [
      "more than a month",
      "phases: { safety: 700h, settle: 100h }\n",
      "s.yaml:3:9 phases: expected at most 30 days together",
    ],
    [
      "an unknown invariant",
      "invariants: [no-expired-hit, linearisable]\n",
      's.yaml:3:30 invariants[1]: expected one of the invariants linearizable or no-expired-hit, got "linearisable"; did you mean "linearizable"?',
    ],
    [
      "an unknown policy",
      "policies: [adb]\n",
      's.yaml:3:12 policies[0]: expected one of the policies seed or abd, got "adb"; did you mean "abd"?',
    ],
    [
      "a policy named twice",
      "policies: [abd, abd]\n",
      's.yaml:3:17 policies[1]: "abd" is given twice: keep one',
    ],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(HEAD + text)).toEqual([problem]);
  });

  test("a policy of the user's own is a file", () => {
    expect(problemsOf(`${HEAD}policies: [./my-policy.js, abd]\n`)).toEqual([]);
  });
});

describe("a text that is no scenario", () => {
  test.each<[what: string, text: string, problem: string]>([
    [
      "an empty file",
      "",
      "s.yaml:1:1: the file is empty: expected a scenario; it needs at least a name and a story",
    ],
    [
      "only comments",
      "# nothing\n",
      "s.yaml:1:1: the file is empty: expected a scenario; it needs at least a name and a story",
    ],
    ["a list", "- name: x\n", "s.yaml:1:1: expected a scenario: a mapping of names to values"],
    ["a plain text", "hello\n", "s.yaml:1:1: expected a scenario: a mapping of names to values"],
    [
      "a plan",
      "format: cache-sim/plan\nversion: 1\n",
      "s.yaml:1:9 format: this is a plan, not a scenario: give it to `cache-sim replay`",
    ],
    ["a tab", "name: x\nnetwork:\n\tloss: 1\n", "s.yaml:3:1: a tab cannot indent YAML: use spaces"],
    [
      "a colon in a text",
      "name: x\nstory: what happens: nothing\n",
      "s.yaml:2:8: a second colon on one line: put a text that has a colon in quotes",
    ],
    [
      "a second document",
      "name: x\n---\nname: y\n",
      's.yaml:2:1: expected one document, got another one after "---"',
    ],
    ["an unclosed quote", 'name: "x\n', 's.yaml:2:1: Missing closing "quote'],
    ["a key given twice", "name: x\nstory: y\nname: z\n", "s.yaml:3:1 name: is given twice: keep one"],
    [
      "a key given twice deep inside",
      `${HEAD}network:\n  loss: 1%\n  loss: 2%\n`,
      "s.yaml:5:3 network.loss: is given twice: keep one",
    ],
    ["a list as a key", "? [a, b]\n: c\n", "s.yaml:1:3: expected a plain name before the colon"],
    [
      "a prototype",
      "name: x\n__proto__: { story: y }\n",
      "s.yaml:2:1 __proto__: not a name that can be used",
    ],
    [
      "a prototype deep inside",
      `${HEAD}workload: { mix: { __proto__: { get: 1 } } }\n`,
      "s.yaml:3:20 workload.mix.__proto__: not a name that can be used",
    ],
    ["an alias of nothing", "name: *x\n", "s.yaml:1:7 name: *x has no anchor &x before it"],
    ["an alias of itself", "name: &a [*a]\n", "s.yaml:1:11 name[0]: *a contains itself"],
    ["a tag", "name: !secret x\n", "s.yaml:1:7: Unresolved tag: !secret"],
    ["a binary file", "name: \0", "s.yaml: a binary file: expected a scenario as text"],
    [
      "too large a file",
      `# ${"x".repeat(1_048_576)}`,
      "s.yaml: larger than 1 MiB, the most that a scenario may have",
    ],
    [
      "a JSON file that was cut off",
      '{"name": "x", "story": ',
      "s.yaml:1:23: the file ends in the middle of a scenario: it was cut off; copy it again, or write it again",
    ],
    [
      "a flow mapping that was cut off",
      "{name: x, story: y",
      "s.yaml:1:19: the file ends in the middle of a scenario: it was cut off; copy it again, or write it again",
    ],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test("a bomb of aliases", () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      return `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(", ")}]\n`;
    });
    expect(problemsOf(`a0: &a0 x\n${levels.join("")}`)).toEqual([
      "s.yaml:1:1: more than 100 aliases: write the values out",
    ]);
  });

  test("endless nesting, closed or not, in YAML or JSON", () => {
    const deep = (open: string, close: string, depth: number): string =>
      open.repeat(depth) + close.repeat(depth);
    expect(problemsOf(`a: ${deep("[", "]", 100)}`)).toEqual(["s.yaml:1:53: nested more than 50 levels deep"]);
    expect(problemsOf(`{"a": ${deep("[", "]", 100)}}`)).toEqual([
      "s.yaml:1:57: nested more than 50 levels deep",
    ]);
    expect(problemsOf(`{"a": ${deep("[", "]", 100_000)}}`)).toEqual([
      "s.yaml:1:57: nested more than 50 levels deep",
    ]);
    expect(problemsOf(`a: ${"[".repeat(10_000)}`)[0]).toMatch(/nested more than 50 levels deep$/);
  });

  test("nothing is inherited from a prototype", () => {
    const scenario = load(`${HEAD}cluster: { machines: [constructor, toString, hasOwnProperty] }\n`);
    expect(scenario.cluster.machines).toEqual(["constructor", "toString", "hasOwnProperty"]);
    expect(problemsOf(`${HEAD}network: { constructor: 1 }\n`)).toEqual([
      "s.yaml:3:12 network.constructor: unknown key: expected latency, loss, duplicate, reorder, corrupt, bandwidth, queue, crossZone, links, messages or near",
    ]);
    expect(problemsOf(`${HEAD}faults: [{ kind: toString }]\n`)).toHaveLength(1);
    expect(({} as Record<string, unknown>)["story"]).toBeUndefined();
  });
});
