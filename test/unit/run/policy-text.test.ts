import { describe, expect, test } from "vitest";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { parsePolicy, policyProblem, promisesOf } from "../../../sim/run/policy-text.ts";
import type { PolicyCard } from "../../../sim/run/system.ts";
import { policies } from "../../../src/index.ts";
import { known } from "../scenario/known-names.ts";

const cards: readonly PolicyCard[] = policies;

describe("a policy's text", () => {
  test.each([
    ["abd", { name: "abd", parameters: {} }],
    ["./my policy.ts", { name: "./my policy.ts", parameters: {} }],
    ["quorum(read=1)", { name: "quorum", parameters: { read: 1 } }],
    ["quorum(read=1, write=12)", { name: "quorum", parameters: { read: 1, write: 12 } }],
    ["./mine.ts(size=3)", { name: "./mine.ts", parameters: { size: 3 } }],
    ["quorum(__proto__=1)", null],
    ["quorum()", null],
    ["quorum(read)", null],
    ["quorum(read=)", null],
    ["quorum(read=-1)", null],
    ["quorum(read=1,read=2)", null],
    ["quorum(read=1", { name: "quorum(read=1", parameters: {} }],
  ])("%s", (text, parsed) => {
    expect(parsePolicy(text)).toEqual(parsed);
  });

  test.each([
    ["quorum(read=3,write=3)", null],
    [
      "quorum(read=4)",
      "read (R, how many owners answer a read): expected a whole number from 1 to 3 with replication 3, got 4",
    ],
    [
      "quorum(write=0)",
      "write (W, how many owners confirm a write): expected a whole number from 1 to 3 with replication 3, got 0",
    ],
    [
      "quorum(raed=1)",
      'expected one of the parameters of quorum read, write or hedge, got "raed"; did you mean "read"?',
    ],
    ["seed(read=1)", 'expected one of the parameters of seed (there are none), got "read"'],
    [
      "quorum(read)",
      'expected a policy such as quorum(read=1,write=2), each parameter once, got "quorum(read)"',
    ],
  ])("%s has its parameters checked", (text, problem) => {
    expect(policyProblem(text, cards, 3)).toBe(problem);
  });

  test("ranges wait until the replication is known", () => {
    expect(policyProblem("quorum(read=5)", cards, null)).toBeNull();
    expect(policyProblem("quorum(read=5)", cards, 5)).toBeNull();
  });

  test("says what is promised", () => {
    const quorum = cards.find(({ name }) => name === "quorum") as PolicyCard;
    expect(promisesOf(quorum, {}, 3)).toContain("regular");
    expect(promisesOf(quorum, { read: 1 }, 3)).not.toContain("regular");
    expect(promisesOf(quorum, { read: 1, write: 3 }, 3)).toContain("regular");
    expect(promisesOf(quorum, { read: 1 }, 3)).toContain("replicas-converge");
  });
});

test("a scenario's policies are checked against its replication, with the line", () => {
  const text =
    "name: s\nstory: A story.\ncluster: { machines: 5, replication: 2 }\npolicies: [abd, quorum(read=3)]\n";
  const loaded = loadScenario(text, "s.yaml", { ...known, policies: cards.map(({ name }) => name), cards });
  expect(loaded.ok ? [] : loaded.problems).toEqual([
    expect.objectContaining({
      position: { line: 4, column: 17 },
      path: "policies[1]",
      message: expect.stringContaining("from 1 to 2 with replication 2, got 3") as string,
    }),
  ]);
});
