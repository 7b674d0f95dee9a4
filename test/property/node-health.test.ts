import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createNodeHealth, DEFAULT_HEALTH, type HealthThresholds } from "../../src/observe/node-health.ts";
import { firstConfiguration } from "../../src/membership/configuration.ts";
import { createInitialState, type NodeInfo } from "../../src/state.ts";

const configuration = firstConfiguration([
  { id: "n1", zone: null },
  { id: "n2", zone: null },
]);

fc.configureGlobal({ seed: 20_251_122 });

const FIRST = createInitialState("n1", ["n2"], {
  incarnation: 1,
  mustCatchUp: false,
  replication: 2,
  configuration,
});

/** Null: an error; otherwise how long the answer took. */
const history = fc.array(fc.option(fc.double({ min: 0, max: 10_000, noNaN: true }), { freq: 2 }), {
  maxLength: 30,
});

function after(outcomes: readonly (number | null)[], thresholds = DEFAULT_HEALTH): NodeInfo {
  const { recordError, recordSuccess } = createNodeHealth(thresholds);
  let node = FIRST.nodes.get("n2") as NodeInfo;
  for (const [wallMs, latencyMs] of outcomes.entries()) {
    node =
      latencyMs === null ? recordError(node, "no answer", wallMs) : recordSuccess(node, latencyMs, wallMs);
  }
  return node;
}

const thresholds = fc.record({
  degradedAfter: fc.integer({ min: 1, max: 5 }),
  unhealthyAfter: fc.integer({ min: 1, max: 5 }),
  suspectedAfter: fc.integer({ min: 1, max: 5 }),
  healthyAfter: fc.integer({ min: 1, max: 5 }),
});

/** What each unbroken row of answers, or of errors, makes of the status before it. */
function expectedStatus(outcomes: readonly (number | null)[], counts: HealthThresholds): string {
  const rows = outcomes.map((outcome) => (outcome === null ? "e" : "a")).join("");
  let status = "healthy";
  for (const [row] of rows.matchAll(/e+|a+/g)) {
    if (row.startsWith("a")) {
      if (status !== "healthy") status = row.length >= counts.healthyAfter ? "healthy" : "degraded";
    } else if (row.length >= counts.unhealthyAfter) status = "unhealthy";
    else if (row.length >= counts.degradedAfter) status = "degraded";
  }
  return status;
}

function tailLength(outcomes: readonly (number | null)[], isError: boolean): number {
  const other = outcomes.findLastIndex((outcome) => (outcome === null) !== isError);
  return outcomes.length - 1 - other;
}

describe("the status of a node", () => {
  test.prop([history])("follows from the order of answers and errors, and from nothing else", (outcomes) => {
    const node = after(outcomes);
    const errors = tailLength(outcomes, true);
    const answers = tailLength(outcomes, false);
    expect(node.consecutiveErrors).toBe(errors);
    if (errors > 3) expect(node.status).toBe("unhealthy");
    else if (errors > 0) expect(node.status).toBe("degraded");
    else if (!outcomes.includes(null) || answers >= 2) expect(node.status).toBe("healthy");
    else expect(node.status).toBe("degraded");
    expect(after(outcomes)).toEqual(node);
  });

  test.prop([history, thresholds])("changes after as many in a row as it is told", (outcomes, counts) => {
    const node = after(outcomes, counts);
    expect(node.status).toBe(expectedStatus(outcomes, counts));
    expect(node.isSuspected).toBe(tailLength(outcomes, true) >= counts.suspectedAfter);
  });

  test.prop([history])("comes with latencies that are numbers, within those measured", (outcomes) => {
    const { avgLatencyMs, lastLatencyMs } = after(outcomes);
    const measured = outcomes.filter((outcome) => outcome !== null);
    if (measured.length === 0) expect(avgLatencyMs).toBeUndefined();
    else {
      expect(lastLatencyMs).toBe(measured.at(-1));
      expect(avgLatencyMs).toBeGreaterThanOrEqual(Math.min(...measured));
      expect(avgLatencyMs).toBeLessThanOrEqual(Math.max(...measured));
    }
  });

  test.prop([history])("is not healthy again by one answer after another error each", (outcomes) => {
    const alternating = outcomes.flatMap((outcome) => [null, outcome ?? 1]);
    if (alternating.length > 0) expect(after([...alternating, null, 1]).status).toBe("degraded");
  });
});
