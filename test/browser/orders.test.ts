import { basename } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { htmlPage } from "../../sim/report/html/index.ts";
import type { Operation } from "../../sim/run/history.ts";
import type { Plan } from "../../sim/run/plan.ts";
import { planOf } from "../../sim/search/harness.ts";
import { readRegression, regressionFiles } from "../../sim/search/regressions.ts";
import { systems } from "../../sim/systems/index.ts";
import { type Replay, replay } from "../../sim/trace/replay.ts";
import { loadedScenario } from "../support/scenario-files.ts";
import { describeInBrowser, useBrowser } from "./chromium.ts";

const harness = { systems, invariants };
const [system] = systems;

/** Every plan that is kept, and failures of some scenarios. */
const plans: readonly (readonly [string, () => Plan])[] = [
  ...regressionFiles("scenarios/regressions").map((file) => {
    const load = (): Plan => {
      const loaded = readRegression(file, harness);
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      return loaded.value;
    };
    return [basename(file, ".json"), load] as const;
  }),
  ...["calm", "asymmetric", "majority-ring", "pause-primary"].map((name) => {
    const draw = () => planOf(harness, { scenario: loadedScenario(name), policy: "seed" }, 1);
    return [`${name}, policy seed`, draw] as const;
  }),
];

/** What the page shows of one key: the verdict, the operations in the order found, and those that cannot follow. */
async function shownOrder(page: Page, key: string) {
  await page.selectOption("#order-key", key);
  const rows = await page.locator("#order g.operation").evaluateAll((groups) =>
    groups.map((group) => {
      const [name, number] = [...group.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
      return { id: name ?? "", number: Number(number), isBlocked: group.classList.contains("blocked") };
    }),
  );
  const verdict = (await page.locator("#order-verdict").textContent()) ?? "";
  const points = rows.filter(({ number }) => Number.isInteger(number)).sort((a, b) => a.number - b.number);
  return {
    verdict,
    points: points.map(({ id }) => id),
    numbers: points.map(({ number }) => number),
    blocked: rows.filter(({ isBlocked }) => isBlocked).map(({ id }) => id),
  };
}

/** Plays operations in an order. Null when some answer is not right then, or one began after a later one had ended. */
function playInOrder(order: readonly Operation[]): { readonly value: string | null } | null {
  let value: string | null = null;
  let expiresUs = Number.POSITIVE_INFINITY;
  let nowUs = 0;
  for (const { kind, result, value: operand, callUs, returnUs, ttlMs } of order) {
    nowUs = Math.max(nowUs, callUs);
    // What is indeterminate may happen at any later time.
    if (result === "ok" && nowUs > returnUs) return null;
    if (kind === "get") {
      const isGone = operand === null && nowUs <= returnUs && expiresUs <= returnUs;
      if (operand !== value && !isGone) return null;
    } else {
      value = kind === "set" ? operand : null;
      expiresUs =
        kind === "set" && typeof ttlMs === "number" ? nowUs + ttlMs * 1000 : Number.POSITIVE_INFINITY;
    }
  }
  return { value };
}

function violatedKeys({ outcome }: Replay): ReadonlySet<string> {
  const found = outcome.violations.filter(({ invariant }) => invariant === "linearizable");
  return new Set(found.flatMap(({ key }) => key ?? []));
}

describeInBrowser("the order of one key's operations, as the page shows it", () => {
  const browser = useBrowser();

  test.each(plans)("is right: %s", async (name, plan) => {
    if (system === undefined) throw new Error("there is no system");
    const replayed = await replay(plan(), { system, invariants });
    const { page } = await browser.open(
      htmlPage(replayed, { command: "", whyExpected: () => null, writer: { code: "", node: "" } }),
    );
    const { history } = replayed.outcome.record;
    const byId = new Map(history.map((operation) => [operation.id, operation]));
    const violated = violatedKeys(replayed);
    if (name.endsWith("policy seed")) expect(violated.size).toBeGreaterThan(0);
    for (const key of new Set(history.map((operation) => operation.key))) {
      const { verdict, points, numbers, blocked } = await shownOrder(page, key);
      const order = points.map((id) => byId.get(id)).filter((operation) => operation !== undefined);
      expect(numbers).toEqual(numbers.map((_number, place) => place + 1));
      expect(playInOrder(order), key).not.toBeNull();
      // The checker, which searches nothing, and the search say the same.
      expect(verdict.startsWith("Not linearizable"), key).toBe(violated.has(key));
      if (!violated.has(key)) {
        expect(blocked).toEqual([]);
        continue;
      }
      expect(blocked.length).toBeGreaterThan(0);
      for (const id of blocked) {
        expect(points).not.toContain(id);
        expect(playInOrder([...order, byId.get(id) as Operation]), id).toBeNull();
      }
      // What the certificate proves impossible together is not all in the order.
      const proof = replayed.outcome.violations.find(
        (violation) => violation.invariant === "linearizable" && violation.key === key,
      );
      const missing = proof?.operations.filter(({ id }) => !points.includes(id)) ?? [];
      expect(missing.length, key).toBeGreaterThan(0);
    }
  });
});
