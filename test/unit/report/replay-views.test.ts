import { beforeAll, describe, expect, test } from "vitest";
import { plainPage } from "../../../sim/report/page.ts";
import {
  eventProblem,
  renderAround,
  renderJournals,
  renderState,
  renderUntil,
} from "../../../sim/report/replay-views.ts";
import { renderTraceDifference } from "../../../sim/report/trace-difference.ts";
import { causeChain, consequences } from "../../../sim/trace/causality.ts";
import type { Replay } from "../../../sim/trace/replay.ts";
import { replayCache } from "../../support/cache-plan.ts";
import { splitPlan } from "../../support/failing-page.ts";

let replayed: Replay;
let deliver: number;
beforeAll(async () => {
  replayed = await replayCache(splitPlan());
  deliver = replayed.events.findIndex(({ kind, activity }) => kind === "net.deliver" && activity === "c1#1");
});

describe("a part of a run", () => {
  test("until an event has that event last", () => {
    const lines = renderUntil(replayed, deliver, plainPage);
    expect(lines).toHaveLength(deliver + 2);
    expect(lines.at(-1)).toContain(`#${deliver} `);
  });

  test("around an event marks it and what led to it", () => {
    const lines = renderAround(replayed, deliver, plainPage);
    expect(lines.filter((line) => line.startsWith("> "))).toEqual([expect.stringContaining(`#${deliver} `)]);
    const { cause = -1 } = replayed.events[deliver] ?? {};
    expect(lines.find((line) => line.startsWith("| ") && line.includes(`#${cause} `))).toBeDefined();
  });

  test("as the state of a machine shows what the event changed", () => {
    const { machine } = replayed.events[deliver] ?? {};
    const text = renderState(replayed, machine ?? "", deliver, plainPage).join("\n");
    expect(text).toMatch(/records.*"value":"before"/);
    expect(text).toMatch(/What the event changed\n.*records\.k {2}nothing -> /);
    const crash = replayed.events.findIndex(({ kind }) => kind === "machine.crash");
    expect(renderState(replayed, "n2", crash, plainPage).join("\n")).toContain("the machine is down");
  });

  test("as journals has every entry of every machine", () => {
    const lines = renderJournals(replayed, plainPage);
    const entries = replayed.events.filter(({ kind }) => kind === "journal");
    expect(lines.filter((line) => line.includes(" journal "))).toHaveLength(entries.length);
  });

  test("that does not exist is told with what there is", () => {
    expect(eventProblem("--until", 5, 6)).toBeNull();
    expect(eventProblem("--until", 6, 6)).toBe("--until: there is no event 6; this trace has events 0 to 5");
    expect(eventProblem("--until", 0, 0)).toContain("no events");
  });
});

describe("cause and consequence", () => {
  test("are each other's opposite", () => {
    const { events } = replayed;
    for (const { index } of events.slice(0, 60)) {
      const after = new Set(consequences(events, index).map((event) => event.index));
      for (const other of events) {
        const led = causeChain(events, other.index).some((event) => event.index === index);
        expect(led).toBe(other.index === index || after.has(other.index));
      }
    }
  });
});

describe("the difference of two traces", () => {
  test("is the first event that differs, and what followed from it", async () => {
    const plan = splitPlan();
    const operations = plan.operations.map((operation) =>
      operation.id === "c1#1" ? { ...operation, value: "other" } : operation,
    );
    const other = await replayCache({ ...plan, operations });
    const side = (name: string, { outcome, ...rest }: Replay) => ({
      name,
      trace: { ...rest, plan: outcome.plan, code: "1", node: "2" },
    });
    const lines = renderTraceDifference(side("a", replayed), side("b", other), plainPage);
    const call = replayed.events.findIndex(({ kind }) => kind === "client.call");
    expect(lines.join("\n")).toContain(`event #${call} is the first that differs`);
    expect(lines.join("\n")).toContain("the plans are not the same");
    expect(lines.find((line) => /^In a [\d,]+ events followed/.test(line))).toBeDefined();
    const same = renderTraceDifference(side("a", replayed), side("b", replayed), plainPage);
    expect(same.at(-1)).toContain("the traces are identical");
  });
});
