import { beforeAll, describe, expect, test } from "vitest";
import { invariants } from "../../../sim/check/index.ts";
import { renderExplanation } from "../../../sim/report/explain-report.ts";
import { explanationOf } from "../../../sim/report/explanation.ts";
import { plainStyle } from "../../../sim/report/style.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { explain, type Explanation } from "../../../sim/search/explain.ts";
import { cacheSystem } from "../../../sim/systems/cache.ts";
import { tellCache } from "../../../sim/systems/cache-words.ts";

/** A slow link keeps a machine busy with one operation, and the answer to the next is damaged. */
const plan: Plan = {
  format: "cache-sim/plan",
  version: 1,
  scenario: "gray",
  seed: 1,
  system: "cache",
  policy: "seed",
  cluster: { machines: ["n1", "n2", "n3"], replication: 1 },
  network: {
    latency: { kind: "lognormal", medianMs: 2, p99Ms: 15 },
    loss: 0,
    duplicate: 0,
    reorder: 0,
  },
  clients: [{ id: "c2", machine: "n2" }],
  deadlineMs: 1000,
  operations: [
    { id: "c2#6", client: "c2", atMs: 0, kind: "get", key: "k1" },
    { id: "c2#7", client: "c2", atMs: 0, kind: "set", key: "k2", value: "c2:7" },
  ],
  faults: [
    { kind: "slow-link", startMs: 0, endMs: 1050, from: "n2", to: "n3", factor: 700 },
    { kind: "corrupt", startMs: 1050, endMs: 1051, share: 0.2, from: "n1", to: "n2" },
  ],
  phases: { healMs: 1051, settleMs: 6051, endMs: 9051 },
  invariants: ["operations-end"],
  choices: {
    "net/n2>n3/delay c2#6 0": 0.5,
    "net/n1>n2/corrupt c2#7 0": 0.9,
    "net/n3>n1/delay c9#1 0": 0.5,
  },
  otherChoices: "mildest",
};

describe("why a plan fails", () => {
  let explanation: Explanation;
  let text: string;
  let runsDone = 0;
  beforeAll(async () => {
    const harness = { systems: [cacheSystem], invariants };
    const found = await explain(plan, { harness, runs: 4, onProgress: (runs) => (runsDone = runs) });
    if (found === null) throw new Error("the plan passes");
    explanation = found;
    text = renderExplanation(found, null, tellCache, { style: plainStyle, width: 200 }).join("\n");
  });

  test("names the choices made by hand that it cannot do without, and not the one that changes nothing", () => {
    const choices = explanation.parts.filter(({ part }) => part === "choice");
    expect(choices.map(({ isNecessary }) => isNecessary)).toEqual([true, true, false]);
    expect(text).toContain("  choice made by hand: net/n2>n3/delay c2#6 0 = 0.5\n");
    expect(text).toContain("  choice made by hand: net/n1>n2/corrupt c2#7 0 = 0.9\n");
    expect(text).not.toContain("net/n3>n1/delay c9#1 0 =");
    expect(explanationOf(explanation, tellCache).necessary).toEqual({
      faults: [0, 1],
      operations: [0, 1],
      changes: [],
      others: [
        "choice made by hand: net/n2>n3/delay c2#6 0 = 0.5",
        "choice made by hand: net/n1>n2/corrupt c2#7 0 = 0.9",
      ],
    });
  });

  test("is told in sentences: who answered whom, and who had heard of it", () => {
    expect(text).toContain("c2#6 on n2 gives up: indeterminate (deadline); by then n1 had been asked");
    expect(text).toContain("DAMAGED on the way from n1 to n2 (c2#7): bit 0 flipped");
  });

  test("counts every run that it makes", () => {
    const { odds } = explanation.noReturn;
    const redrawn = odds.reduce((sum, { runs }) => sum + runs, 0) + explanation.parts.length;
    // Besides those of the curve, the ones within the moment of the jump, 4 a place.
    expect(runsDone + 1).toBeGreaterThan(redrawn);
    expect((runsDone + 1 - redrawn) % 4).toBe(0);
  });

  test("names the choice that decides, with what it was taken for", () => {
    const { decision, noReturn } = explanationOf(explanation, tellCache);
    const send = explanation.jumpEvent;
    expect(send).toMatchObject({ kind: "net.send", machine: "n1", activity: "c2#7" });
    expect(noReturn).toEqual({ atUs: 1_050_008, event: send?.event });
    expect(decision).toContain("with one choice: whether a message from n1 to n2 is damaged");
    expect(decision).toContain(`#${send?.event}: n1 sends to n2 the word that it is stored (c2#7)`);
    expect(decision).toContain('Here "net/n1>n2/corrupt c2#7 0" was 0.9;');
    expect(text).toContain(decision.slice(0, 100));
  });

  test("says so if several choices of a moment decide together, and if the odds only creep", () => {
    const { noReturn } = explanation;
    const together = { ...noReturn, jump: noReturn.jump && { ...noReturn.jump, decisive: null } };
    const told = explanationOf({ ...explanation, noReturn: together }, tellCache).decision;
    expect(told).toMatch(
      /with several of the choices of that moment together: net\/n1>n2\/delay c2#7 0; .+ more\.$/,
    );
    const creeping = {
      odds: [10, 20, 30, 40].map((failures) => ({ fromUs: 0, failures, runs: 50 })),
      jump: null,
    };
    expect(explanationOf({ ...explanation, noReturn: creeping }, tellCache).decision).toBe(
      "No single moment decides it: the odds change little by little.",
    );
  });
});
