import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { loadPlan } from "../../../sim/run/load/load-plan.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { scenarioSchema } from "../../../sim/run/scenario/scenario.ts";
import { anyKind, known } from "./known-names.ts";

function problemsOf(text: string): string[] {
  const loaded = loadPlan(text, "p.json", known);
  return loaded.ok ? [] : loaded.problems.map(renderProblem);
}

const plan: Plan = {
  format: "cache-sim/plan",
  version: 1,
  scenario: "calm",
  seed: 17,
  system: "cache",
  policy: "abd",
  cluster: { machines: ["n1", "n2", "n3"], replication: 3 },
  network: { latency: { kind: "constant", ms: 2 }, loss: 0, duplicate: 0, reorder: 0 },
  clients: [{ id: "c1", machine: "n1" }],
  deadlineMs: 1000,
  operations: [
    { id: "c1#1", client: "c1", atMs: 10, kind: "set", key: "k", value: "c1:1" },
    { id: "c1#2", client: "c1", atMs: 20, kind: "get", key: "k" },
  ],
  faults: [{ kind: "crash", startMs: 100, endMs: 200, machine: "n1" }],
  phases: { healMs: 1000, settleMs: 2000, endMs: 4000 },
  invariants: ["linearizable"],
};

const text = JSON.stringify(plan, null, 2);

/** `line:column` of what occurs once in a text. */
function placeOf(text: string, needle: string): string {
  expect(text.split(needle), `${needle} occurs once`).toHaveLength(2);
  const lines = text.slice(0, text.indexOf(needle)).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

type Edit = (plan: Plan) => unknown;
type Expected = readonly [needle: string, message: string];

/** Edits the plan, and expects one problem at each needle, in this order. */
function expectAfter(edit: Edit, ...expected: readonly Expected[]): void {
  const copy = structuredClone(plan);
  edit(copy);
  const edited = JSON.stringify(copy, null, 2);
  expect(problemsOf(edited)).toEqual(
    expected.map(([needle, message]) => `p.json:${placeOf(edited, needle)} ${message}`),
  );
}

/** Changes or adds fields of the last operation, which is a get, or of the only fault. */
function operation(fields: object): Edit {
  return (plan) => Object.assign(plan.operations[1] as object, fields);
}
function fault(fields: object): Edit {
  return (plan) => Object.assign(plan.faults[0] as object, fields);
}

describe("a plan", () => {
  test("is read from JSON, and from what people make of JSON by hand", () => {
    expect(loadPlan(text, "p.json", known)).toEqual({ ok: true, value: plan });
    expect(loadPlan(JSON.stringify(plan), "p.json", known)).toEqual({ ok: true, value: plan });
    const edited = text
      .replace('"seed": 17,', '"seed": 17, # found in CI')
      .replace('"linearizable"', '"linearizable",');
    expect(loadPlan(edited, "p.json", known)).toEqual({ ok: true, value: plan });
  });

  test("is read from YAML", () => {
    const yaml = Object.entries(plan).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
    expect(loadPlan(yaml.join(""), "p.yaml", known)).toEqual({ ok: true, value: plan });
  });

  test("may have choices made by hand, with any identity but __proto__", () => {
    const withChoices = { ...plan, choices: { "net/n1>n2/delay c1#1 0": 0.5, constructor: 0.25 } };
    expect(loadPlan(JSON.stringify(withChoices), "p.json", known)).toEqual({ ok: true, value: withChoices });
    const polluted = text.replace('"phases"', '"choices": { "__proto__": 0.5 },\n  "phases"');
    expect(problemsOf(polluted)).toEqual([
      `p.json:${placeOf(polluted, '"__proto__"')} choices.__proto__: not a name that can be used`,
    ]);
  });
});

describe("a text that is no plan", () => {
  const cutOff = "the file ends in the middle of a plan: it was cut off; copy it again, or write it again";

  test.each<[what: string, text: string, problem: string]>([
    [
      "an empty file",
      "",
      "p.json:1:1: the file is empty: expected a plan; a failing run writes one under reports/",
    ],
    [
      "only spaces",
      " \n\n",
      "p.json:1:1: the file is empty: expected a plan; a failing run writes one under reports/",
    ],
    [
      "null",
      "null",
      "p.json:1:1: the file is empty: expected a plan; a failing run writes one under reports/",
    ],
    ["a list", "[1]", "p.json:1:1: expected a plan: a mapping of names to values"],
    ["an empty mapping", "{}", "p.json:1:1 format: missing: expected cache-sim/plan: this is not a plan"],
    [
      "another format",
      '{\n  "format": "jepsen",\n  "version": 1\n}',
      'p.json:2:13 format: expected cache-sim/plan, got "jepsen": this is not a plan',
    ],
    [
      "a scenario",
      "name: x\nstory: y\n",
      "p.json:1:1: this is a scenario, not a plan: give it to `cache-sim run`, or add --seed to replay it",
    ],
    [
      "a newer version",
      text.replace('"version": 1', '"version": 2'),
      "p.json:3:14 version: expected 1, got 2: it was written by a newer cache-sim: update this one",
    ],
    [
      "an older version",
      text.replace('"version": 1', '"version": 0'),
      "p.json:3:14 version: expected 1, got 0: write it again with `cache-sim replay scenarios/calm.yaml --policy abd --seed 17`, or replay it with the release that wrote it",
    ],
    [
      "an older version that does not say where it came from",
      '{ "format": "cache-sim/plan" }',
      "p.json:1:1 version: missing: expected 1: write it again from its scenario and seed, or replay it with the release that wrote it",
    ],
    [
      "a name given twice",
      text.replace('"seed": 17,', '"seed": 17,\n  "seed": 18,'),
      "p.json:6:3 seed: is given twice: keep one",
    ],
    [
      "a name given twice, spelt differently",
      '{\n  "format": "cache-sim/plan",\n  "clients": [{}, { "id": 1, "\\u0069d": 2 }]\n}',
      "p.json:3:30 clients[1].id: is given twice: keep one",
    ],
    [
      "a missing comma",
      text.replace('"seed": 17,', '"seed": 17'),
      "p.json:6:3: not valid JSON: Expected ',' or '}' after property value",
    ],
    ["a binary file", "\0{}", "p.json: a binary file: expected a plan as text"],
    ["too large a file", " ".repeat(67_108_865), "p.json: larger than 64 MiB, the most that a plan may have"],
    [
      "too large a file that is not JSON",
      `a: ${"x".repeat(1_048_576)}`,
      "p.json: larger than 1 MiB: so much must be JSON, starting with a brace",
    ],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test("a file that was cut off, wherever it was, has one problem: its end", () => {
    for (let length = 1; length < text.length; length++) {
      const cut = text.slice(0, length).trimEnd();
      const lines = cut.split("\n");
      const place = `p.json:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
      expect(problemsOf(text.slice(0, length))).toEqual([`${place}: ${cutOff}`]);
    }
  });

  test("a large file that was cut off or broken is told without building a tree of it", () => {
    const large = `{"format": "cache-sim/plan", "version": 1, "scenario": "${"x".repeat(1_100_000)}"`;
    expect(problemsOf(large)).toEqual([`p.json:1:1100058: ${cutOff}`]);
    expect(problemsOf(`${large} "seed": 1}`)).toEqual([
      "p.json:1:1100059: not valid JSON: Expected ',' or '}' after property value",
    ]);
  });
});

describe("what is wrong with a field", () => {
  test.each<[what: string, edit: Edit, ...expected: Expected[]]>([
    [
      "a missing field",
      (plan) => Reflect.deleteProperty(plan, "seed"),
      ['{\n  "format"', "seed: missing: expected a number"],
    ],
    [
      "a misspelt field",
      (plan) => Object.assign(plan, { choises: {} }),
      [
        '"choises"',
        'choises: unknown key: expected disk, changes, swarm, detours, clockSkewMs, clockDriftPpm, timing, thresholds, choices, otherChoices, strategy or regression; did you mean "choices"?',
      ],
    ],
    [
      "a seed that is no whole number",
      (plan) => (plan.seed = 1.5),
      ["1.5", "seed: expected a whole number, got 1.5"],
    ],
    [
      "a field of an operation",
      operation({ kind: "gett" }),
      [
        '"gett"',
        'operations[1].kind: expected get, set, delete, compareAndSet, touch, getOrLoad or call, got "gett"; did you mean "get"?',
      ],
    ],
    [
      "a key of an operation",
      operation({ ttlMS: 1 }),
      [
        '"ttlMS"',
        'operations[1].ttlMS: unknown key: expected afterMs, value, ttlMs, loadMs, f or input; did you mean "ttlMs"?',
      ],
    ],
    [
      "a key of a fault",
      fault({ machin: "n1" }),
      ['"machin"', "faults[0].machin: unknown key: expected keepsDisk"],
    ],
    [
      "an unknown kind of fault",
      fault({ kind: "crahs" }),
      ['"crahs"', `faults[0].kind: expected ${anyKind}, got "crahs"; did you mean "crash"?`],
    ],
    [
      "a choice that is no quantile",
      (plan) => (plan.choices = { "net/n1>n2/loss c1#1 0": 1.25 }),
      ["1.25", "choices.net/n1>n2/loss c1#1 0: expected less than 1, got 1.25"],
    ],
  ])("%s", (_, edit, ...expected) => expectAfter(edit, ...expected));
});

describe("what does not fit together", () => {
  test.each<[what: string, edit: Edit, ...expected: Expected[]]>([
    [
      "an unknown system, policy and invariant",
      (plan) => Object.assign(plan, { system: "cashe", policy: "adb", invariants: ["linear"] }),
      ['"cashe"', 'system: expected one of the systems cache, got "cashe"; did you mean "cache"?'],
      ['"adb"', 'policy: expected one of the policies seed or abd, got "adb"; did you mean "abd"?'],
      [
        '"linear"',
        'invariants[0]: expected one of the invariants linearizable or no-expired-hit, got "linear"',
      ],
    ],
    [
      "more replicas than machines",
      (plan) => (plan.cluster.replication = 44),
      ["44", "cluster.replication: expected at most 3, the number of machines, got 44"],
    ],
    [
      "a machine named twice",
      (plan) => plan.cluster.machines.push("n2"),
      ['"n2"\n    ],', 'cluster.machines[3]: "n2" is given twice: keep one'],
    ],
    [
      "phases out of order",
      (plan) => (plan.phases = { healMs: 1000, settleMs: 901, endMs: 801 }),
      ["901", "phases.settleMs: expected at least healMs (1000), got 901"],
      ["801", "phases.endMs: expected at least settleMs (901), got 801"],
    ],
    [
      "a latency upside down",
      (plan) => (plan.network.latency = { kind: "uniform", minMs: 5, maxMs: 1.25 }),
      ["1.25", "network.latency.maxMs: expected at least minMs (5), got 1.25"],
    ],
    [
      "a tail below the median",
      (plan) => (plan.network.latency = { kind: "lognormal", medianMs: 5, p99Ms: 1.25 }),
      ["1.25", "network.latency.p99Ms: expected at least medianMs (5), got 1.25"],
    ],
    [
      "a mean below the minimum",
      (plan) => (plan.network.latency = { kind: "exponential", minMs: 5, meanMs: 1.25 }),
      ["1.25", "network.latency.meanMs: expected at least minMs (5), got 1.25"],
    ],
    [
      "a client of an unknown machine",
      (plan) => (plan.clients = [{ id: "c1", machine: "n11" }]),
      [
        '"n11"',
        'clients[0].machine: expected one of the machines n1, n2 or n3, got "n11"; did you mean "n1"?',
      ],
    ],
    [
      "a client given twice",
      (plan) => plan.clients.push({ id: "c1", machine: "n2" }),
      ['"c1",\n      "machine": "n2"', 'clients[1].id: "c1" is already clients[0]: keep one'],
    ],
    [
      "an operation of an unknown client",
      operation({ client: "c2" }),
      ['"c2"', 'operations[1].client: expected one of the clients c1, got "c2"'],
    ],
    [
      "an operation beyond the end",
      operation({ atMs: 4001 }),
      ["4001", "operations[1].atMs: expected at most phases.endMs (4000), got 4001"],
    ],
    [
      "an operation between two microseconds",
      operation({ atMs: 20.0001 }),
      ["20.0001", "operations[1].atMs: expected whole microseconds (at most three decimals), got 20.0001"],
    ],
    [
      "two operations with one id",
      operation({ id: "c1#1" }),
      [
        '"c1#1",\n      "client": "c1",\n      "atMs": 20',
        'operations[1].id: "c1#1" is already operations[0]',
      ],
    ],
    [
      "two sets of one value",
      operation({ kind: "set", value: "c1:1" }),
      [
        '"c1:1"\n    }\n  ]',
        "operations[1].value: the same as that of operations[0]: a read must tell which write it saw",
      ],
    ],
    [
      "a set without a value",
      operation({ kind: "set" }),
      [
        '{\n      "id": "c1#2"',
        "operations[1].value: missing: a set needs a value that no other operation sets",
      ],
    ],
    [
      "a get with a value and a time to live",
      operation({ value: "v", ttlMs: 5 }),
      ['"value": "v"', "operations[1].value: only a set, a compareAndSet, a getOrLoad has it, not a get"],
      ['"ttlMs"', "operations[1].ttlMs: only a set, a compareAndSet, a getOrLoad, a touch has it, not a get"],
    ],
    [
      "a touch without a time",
      operation({ kind: "touch" }),
      [
        '{\n      "id": "c1#2"',
        "operations[1].ttlMs: missing: a touch needs the time for which the value may live on",
      ],
    ],
    [
      "a time to live of nothing",
      operation({ kind: "set", value: "v", ttlMs: 0 }),
      ["0\n    }\n  ],", "operations[1].ttlMs: expected more than 0, got 0"],
    ],
    [
      "a fault that ends before it starts",
      fault({ endMs: 55 }),
      ["55", "faults[0].endMs: expected at least startMs (100), got 55"],
    ],
    [
      "a fault that outlives the heal",
      fault({ endMs: 1500 }),
      ["1500", "faults[0].endMs: expected at most phases.healMs (1000), got 1500"],
    ],
    [
      "a fault of an unknown machine",
      fault({ machine: "n4" }),
      ['"n4"', 'faults[0].machine: expected one of the machines n1, n2 or n3, got "n4"'],
    ],
    [
      "a partition with a machine on both sides",
      (plan) => {
        const sides = { left: ["n1"], right: ["n1", "n9"] };
        plan.faults = [{ kind: "partition", startMs: 1, endMs: 2, shape: "halves", ...sides }];
      },
      ['"n1",\n        "n9"', 'faults[0].right[0]: "n1" is named twice'],
      ['"n9"', 'faults[0].right[1]: expected one of the machines n1, n2 or n3, got "n9"'],
    ],
    [
      "a machine that crashes while it is down",
      (plan) => plan.faults.push({ kind: "crash", startMs: 200, endMs: 300, machine: "n1" }),
      [
        '200,\n      "endMs": 300',
        "faults[1].startMs: expected a time after 200, got 200: n1 is still down from faults[0] (100 to 200)",
      ],
    ],
    [
      "more machines that forget at once than any system can bear",
      (plan) => plan.faults.push({ kind: "crash", startMs: 200, endMs: 300, machine: "n2" }),
      [
        '200,\n      "endMs": 300',
        "faults[1].startMs: expected at most 1 at once that lose what they stored, and at 200 ms it is n1, n2: of 3 replicas a majority must remember, or no system could keep what it acknowledged",
      ],
    ],
    [
      "a machine that loses power while it is down",
      (plan) => {
        plan.cluster.durability = "journal";
        plan.faults.push({ kind: "power-loss", startMs: 150, endMs: 350 });
      },
      [
        '150,\n      "endMs": 350',
        "faults[1].startMs: expected a time after 200, got 150: n1 is still down from faults[0] (100 to 200)",
      ],
    ],
    [
      "faults of disks that nothing is kept on",
      (plan) => {
        plan.faults = [
          { kind: "crash", startMs: 100, endMs: 200, machine: "n1", keepsDisk: true },
          { kind: "power-loss", startMs: 300, endMs: 400 },
        ];
      },
      [
        '"crash"',
        'faults[0].kind: crash needs machines with a journal: add cluster.durability "journal", or take it out',
      ],
      [
        '"power-loss"',
        'faults[1].kind: power-loss needs machines with a journal: add cluster.durability "journal", or take it out',
      ],
    ],
    [
      "a sync upside down",
      (plan) => (plan.disk = { sync: { kind: "uniform", minMs: 7, maxMs: 5 } }),
      ["5\n    }", "disk.sync.maxMs: expected at least minMs (7), got 5"],
    ],
    [
      "a partition of one machine",
      (plan) => {
        plan.cluster = { machines: ["n1"], replication: 1 };
        const sides = { left: ["n1"], right: ["n3"] };
        plan.faults = [{ kind: "partition", startMs: 1, endMs: 2, shape: "halves", ...sides }];
      },
      ['"partition"', "faults[0].kind: partition needs at least 2 machines"],
      ['"n3"', 'faults[0].right[0]: expected one of the machines n1, got "n3"'],
    ],
  ])("%s", (_, edit, ...expected) => expectAfter(edit, ...expected));

  test("a policy of the user's own is a file", () => {
    expectAfter((plan) => (plan.policy = "policies/mine.ts"));
  });
});

test("a plan of thousands of operations is read, and its last mistake found, in little time", () => {
  const scenario = scenarioSchema.parse({ name: "big", story: "s", workload: { operations: 1000 } });
  const large = drawPlan(scenario, { seed: 1, system: "cache", policy: "abd", invariants: ["linearizable"] });
  const text = JSON.stringify(large, null, 2);
  expect(loadPlan(text, "p.json", known)).toEqual({ ok: true, value: large });
  const broken = text.replace('"healMs"', '"heelMs"');
  const line = text.slice(0, text.indexOf('"healMs"')).split("\n").length;
  expect(problemsOf(broken)).toEqual([
    `p.json:${line - 1}:3 phases.healMs: missing: expected a number`,
    `p.json:${line}:5 phases.heelMs: unknown key: expected healMs; did you mean "healMs"?`,
  ]);
});
