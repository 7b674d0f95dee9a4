import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { harness } from "../../../sim/cli/known.ts";
import { isBeyondLossBudget, LOSSY_NETWORK, steadyLoss } from "../../../sim/run/loss-budget.ts";
import { type Plan, planSchema } from "../../../sim/run/plan.ts";
import { run } from "../../../sim/run/run.ts";
import { optionsFor } from "../../../sim/search/harness.ts";
import { reasonOf } from "../../../sim/search/findings.ts";

/**
 * Two messages by which copies would have become equal are lost by hand, after a primary was taken for gone since one
 * ping was not answered.
 */
const plan: Plan = planSchema.parse(
  JSON.parse(readFileSync(new URL("slow-to-converge.plan.json", import.meta.url), "utf8")),
);
const losing = (loss: number): Plan => ({ ...plan, network: { ...plan.network, loss } });

describe("the steady loss of a network", () => {
  const latency = { kind: "constant", ms: 1 } as const;
  const usual = { latency, loss: 0.02, duplicate: 0, reorder: 0 };

  test("is that of its worst link, and what is damaged is lost", () => {
    expect(steadyLoss({ network: usual })).toBeCloseTo(0.02, 12);
    expect(steadyLoss({ network: { ...usual, crossZone: { loss: 0.1 } } })).toBeCloseTo(0.1, 12);
    const links = [{ from: "n1", to: "n2", loss: 0.3 }];
    expect(steadyLoss({ network: { ...usual, links } })).toBeCloseTo(0.3, 12);
    expect(steadyLoss({ network: { ...usual, corrupt: 0.5 } })).toBeCloseTo(0.51, 12);
  });

  test("is beyond a budget that is smaller, and beyond none where there is none", () => {
    const card = { name: "p", summary: "", promises: [] };
    expect(isBeyondLossBudget({ network: usual }, { ...card, faultBudget: { lossMax: 0.02 } })).toBe(false);
    expect(isBeyondLossBudget({ network: usual }, { ...card, faultBudget: { lossMax: 0.01 } })).toBe(true);
    expect(isBeyondLossBudget({ network: { ...usual, loss: 1 } }, card)).toBe(false);
    expect(isBeyondLossBudget({ network: usual }, undefined)).toBe(false);
  });
});

describe("copies that are not equal in time", () => {
  test("are a failure where the network loses no more than the policy allows for", async () => {
    const { violations } = await run(losing(0.02), optionsFor(harness, plan));
    expect(violations).toMatchObject([{ invariant: "replicas-converge", key: "k12" }]);
    expect(violations[0]?.endedBy).toBeUndefined();
  });

  test("are a measurement where it loses more, with the reason", async () => {
    const lossy = losing(0.1);
    const { violations } = await run(lossy, optionsFor(harness, plan));
    expect(violations).toMatchObject([{ invariant: "replicas-converge", endedBy: LOSSY_NETWORK }]);
    const reason = reasonOf(harness, lossy, false);
    expect(violations.map(reason)).toEqual([
      "the policy promises this where at most 2 % of messages are lost for good, and here it is 10 %",
    ]);
    expect(reasonOf(harness, lossy, true)(violations[0] as (typeof violations)[number])).toBeNull();
  });
});
