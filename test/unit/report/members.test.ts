import { beforeAll, describe, expect, test } from "vitest";
import { pagePayload } from "../../../sim/report/html/page-payload.ts";
import { createRunModel, type RunModel } from "../../../sim/report/page/run-model.ts";
import type { PagePayload } from "../../../sim/report/page/payload.ts";
import { eventText } from "../../../sim/report/event-text.ts";
import { plainPage } from "../../../sim/report/page.ts";
import { faultLabel, renderPlan } from "../../../sim/report/plan-summary.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { cachePlan, replayCache } from "../../support/cache-plan.ts";

/** A spare joins, and then a member leaves. */
const plan: Plan = cachePlan({
  cluster: { machines: ["n1", "n2", "n3", "s1"], spares: ["s1"], replication: 3 },
  clients: [{ id: "c1", machine: "n1" }],
  operations: [{ id: "c1#1", client: "c1", atMs: 100, kind: "set", key: "k", value: "v" }],
  faults: [{ kind: "pause", machine: "n2", startMs: 200, endMs: 300 }],
  changes: [
    { atMs: 1000, add: ["s1"] },
    { atMs: 1500, drain: ["n3"] },
  ],
  phases: { healMs: 6000, settleMs: 9000, endMs: 10_000 },
});

let replayed: Replay;
let payload: PagePayload;
let model: RunModel;
beforeAll(async () => {
  replayed = await replayCache(plan);
  payload = pagePayload(replayed, { command: "", whyExpected: () => null, writer: { code: "", node: "" } });
  model = createRunModel(payload);
});

describe("changes of the cluster", () => {
  test("are in the page from when the operator asks until it is done, and so is who was no member", () => {
    const asked = replayed.events.find(({ kind }) => kind === "operator.call");
    const done = replayed.events.filter(
      ({ kind, data }) => kind === "operator.return" && (data as { isDone: boolean }).isDone,
    );
    expect(done).toHaveLength(2);
    const [joined, left] = done.map(({ timeUs }) => timeUs);
    expect(payload.changes).toEqual([
      { text: "add s1", machines: [3], startUs: asked?.timeUs, endUs: joined, isDone: true },
      { text: "drain n3", machines: [2], startUs: expect.any(Number), endUs: left, isDone: true },
    ]);
    expect(payload.absences).toEqual([
      { machine: 3, startUs: 0, endUs: joined },
      { machine: 2, startUs: left, endUs: payload.endUs },
    ]);
  });

  test("are told in plain words, by the log and by the page", () => {
    for (const event of replayed.events.filter(({ kind }) => kind.startsWith("operator."))) {
      expect(model.text(event.index)).toBe(eventText(event, undefined));
      expect(model.marks).toContain(event.index);
    }
    const change = { add: ["s1"], drain: [], remove: ["n2", "n3"] };
    expect(eventText({ kind: "operator.call", data: change }, undefined)).toBe(
      "is asked by the operator to add s1, remove n2 n3",
    );
    const failed = { ...change, isDone: false, problem: "no answer" };
    expect(eventText({ kind: "operator.return", data: failed }, undefined)).toBe(
      "FAILS the operator (no answer): add s1, remove n2 n3",
    );
    // Of a file that somebody has edited.
    expect(eventText({ kind: "operator.call", data: { add: "s1" } }, undefined)).toBe(
      "is asked by the operator to change nothing",
    );
  });

  test("stand in the summary of the plan, and its spares", () => {
    const lines = renderPlan(plan, plainPage);
    expect(lines).toContain("cluster  n1 n2 n3; each key on 3");
    expect(lines).toContain("spares   s1");
    expect(lines.slice(-2)).toEqual(["changes  at 1 s: add s1", "         at 1.5 s: drain n3"]);
    expect(payload.facts).toContainEqual(["spares", "s1"]);
    expect(payload.facts).toContainEqual(["changes", "at 1 s: add s1; at 1.5 s: drain n3"]);
  });
});

test("a change that was never made lasts to the end of the run, and nobody has become a member", async () => {
  const stuck = await replayCache({
    ...plan,
    changes: [{ atMs: 1000, add: ["s1"] }],
    faults: ["n2", "n3"].map((machine) => ({ kind: "crash", machine, startMs: 500, endMs: 5999 })),
    phases: { healMs: 6000, settleMs: 6001, endMs: 6002 },
  });
  const page = pagePayload(stuck, { command: "", whyExpected: () => null, writer: { code: "", node: "" } });
  expect(page.changes).toMatchObject([{ text: "add s1", endUs: page.endUs, isDone: false }]);
  expect(page.absences).toEqual([{ machine: 3, startUs: 0, endUs: page.endUs }]);
});

test("what happens in the world has words in the page, the same as in the log", () => {
  for (const event of replayed.events) {
    if (/^(fault|machine|operator|process|disk|hook)\./.test(event.kind)) {
      expect(model.text(event.index)).toBe(eventText(event, undefined));
    }
  }
  const window = { startMs: 0, endMs: 1 };
  expect(faultLabel({ kind: "pause", machine: "n2", ...window })).toBe("pause");
  expect(faultLabel({ kind: "clock-jump", machine: "n2", jumpMs: -250, isCorrected: true, ...window })).toBe(
    "clock jump -250 ms",
  );
  expect(faultLabel({ kind: "slow", machine: "n2", factor: 40, ...window })).toBe("slow × 40");
  expect(faultLabel({ kind: "clock-drift", machine: "n2", ppm: 500, ...window })).toBe("clock drift 500 ppm");
});
