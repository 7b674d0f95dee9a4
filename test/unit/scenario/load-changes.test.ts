import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../../sim/run/load/load-plan-check.ts";
import { renderProblem } from "../../../sim/run/load/load-problem.ts";
import { loadScenario } from "../../../sim/run/load/load-scenario.ts";
import { membersAtFirst, membersAtLast } from "../../../sim/run/members.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { known } from "./known-names.ts";

const HEAD = "name: x\nstory: y\ncluster: { machines: 4, spares: 2, replication: 3 }\n";

function load(text: string) {
  return loadScenario(`${HEAD}${text}`, "s.yaml", known);
}

function planOf(text: string): Plan {
  const loaded = load(text);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return drawPlan(loaded.value, { seed: 3, system: "cache", policy: "abd", invariants: ["linearizable"] });
}

describe("changes of members", () => {
  test("come to a plan in their order, and decide whom the final reads ask", () => {
    const plan = planOf(
      "changes:\n  - { add: [s1], at: 4s..5s }\n  - { drain: [n2, n3], at: 1s..2s, add: [s2] }\n",
    );
    const [first, second] = plan.changes ?? [];
    expect(first?.atMs).toBeGreaterThanOrEqual(4000);
    // Not before the one that it follows.
    expect(second?.atMs).toBe(first?.atMs);
    expect(plan.cluster.spares).toEqual(["s1", "s2"]);
    expect(membersAtFirst(plan)).toEqual(["n1", "n2", "n3", "n4"]);
    expect(membersAtLast(plan)).toEqual(["n1", "n4", "s1", "s2"]);
    const auditors = plan.clients.filter(({ id }) => id.startsWith("audit-"));
    expect(auditors.map(({ machine }) => machine)).toEqual(["n1", "n4", "s1", "s2"]);
    expect(checkPlan(plan, { ...known, systems: ["cache"] })).toEqual([]);
  });

  test("leave a plan without them as it was", () => {
    const plan = planOf("");
    expect("changes" in plan).toBe(false);
  });

  test.each([
    ["{ add: [n1] }", /changes\[0\]\.add\[0\].*"n1" is a member by then/],
    ["{ drain: [s1] }", /changes\[0\]\.drain\[0\].*"s1" is no member by then/],
    ["{ add: [s9] }", /changes\[0\]\.add\[0\].*expected .*got "s9"/],
    ["{ remove: [n1, n2] }", /changes\[0\].*leaves 2 members for a replication of 3/],
    ["{ at: 1s }", /changes\[0\].*names no machine/],
    ["{ add: [s1], at: 9s..11s }", /changes\[0\]\.at.*within the safety phase \(10s\)/],
  ])("%s is refused, with its line", (change, message) => {
    const loaded = load(`changes:\n  - ${change}\n`);
    if (loaded.ok) throw new Error("it was taken");
    const texts = loaded.problems.map(renderProblem).map((text) => text.replaceAll("\n", " "));
    expect(texts.join(" ")).toMatch(message);
    expect(texts[0]).toMatch(/^s\.yaml:5:/);
  });
});
