import { describe, expect, test } from "vitest";
import { renderViolation } from "../../../sim/report/certificate.ts";
import { eventsAround, mostTelling, renderEvents } from "../../../sim/report/event-log.ts";
import { eventText } from "../../../sim/report/event-text.ts";
import { plainPage } from "../../../sim/report/page.ts";
import { renderPlan } from "../../../sim/report/plan-summary.ts";
import { renderFailedReplay, renderReplay } from "../../../sim/report/replay-report.ts";
import { traceLines } from "../../../sim/report/trace-lines.ts";
import type { Operation } from "../../../sim/run/history.ts";
import type { Invariant, Violation } from "../../../sim/run/invariant.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import type { TraceEvent } from "../../../sim/kernel/trace-sink.ts";
import { replay } from "../../../sim/trace/replay.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

function operation(id: string, changes: Partial<Operation> = {}): Operation {
  return {
    id,
    client: "c1",
    machine: "n1",
    kind: "set",
    key: "k",
    value: id,
    ttlMs: null,
    callUs: 1000,
    returnUs: 2000,
    deadlineUs: 9000,
    result: "ok",
    error: null,
    ...changes,
  };
}

function violation(operations: readonly Operation[], changes: Partial<Violation> = {}): Violation {
  return {
    invariant: "linearizable",
    key: "k",
    summary: "One of these is wrong.",
    operations,
    notes: ["A note."],
    ...changes,
  };
}

describe("a certificate", () => {
  test("has its operations in time order, with machine, interval, value and result", () => {
    const lines = renderViolation(
      violation([
        operation("c2#1", {
          kind: "get",
          value: null,
          machine: "n2",
          callUs: 5_000_000,
          returnUs: 5_500_000,
        }),
        operation("c1#1", { ttlMs: 500 }),
        operation("c3#1", {
          kind: "delete",
          value: null,
          result: "indeterminate",
          error: "deadline",
          callUs: 1500,
        }),
        operation("c4#1", { kind: "get", value: "", returnUs: Number.POSITIVE_INFINITY, callUs: 6_000_000 }),
      ]),
      null,
      plainPage,
    );
    const text = lines.join("\n").replaceAll(/ +/g, " ");
    expect(text).toContain("linearizable, key k UNEXPECTED");
    expect(lines.map((line) => /c\d#1/.exec(line)?.[0]).filter(Boolean)).toEqual([
      "c1#1",
      "c3#1",
      "c2#1",
      "c4#1",
    ]);
    expect(text).toContain("c1#1 n1 1.000 to 2.000 set k = c1#1, ttl 500 ms ok");
    expect(text).toContain("c3#1 n1 1.500 to 2.000 delete k indeterminate (deadline)");
    expect(text).toContain("c2#1 n2 5000.000 to 5500.000 get k ok, a miss");
    expect(text).toContain('c4#1 n1 6000.000 to never get k ok, read ""');
    expect(text).toContain("- A note.");
  });

  test("says when it was expected, and needs neither key nor operations", () => {
    const lines = renderViolation(
      violation([], { key: null, notes: [] }),
      "the policy does not promise this",
      plainPage,
    );
    expect(lines).toEqual([
      "linearizable  expected: the policy does not promise this",
      "  One of these is wrong.",
    ]);
  });

  test("cannot be used to take over the terminal, nor to flood it", () => {
    const evil = "\u001b]0;title\u0007".repeat(100);
    const lines = renderViolation(
      violation([operation("c1#1", { key: evil, value: evil })], { key: evil, summary: evil, notes: [evil] }),
      null,
      plainPage,
    );
    expect(lines.join("")).not.toMatch(/\p{Cc}/u);
    const many = Array.from({ length: 5000 }, (_, n) => operation(`c1#${n}`));
    expect(renderViolation(violation(many), null, plainPage).length).toBeLessThan(100);
  });
});

describe("a plan in short", () => {
  test("says the cluster, the network, the clients and each fault in time order", () => {
    const plan = toyPlan({
      invariants: ["linearizable"],
      faults: [
        { kind: "crash", startMs: 300, endMs: 400.5, machine: "n2" },
        { kind: "partition", startMs: 20, endMs: 100, shape: "one-way", left: ["n1"], right: ["n2", "n3"] },
        { kind: "slow", startMs: 500, endMs: 600, machine: "n3", factor: 10 },
      ],
    });
    const lines = renderPlan(plan, plainPage);
    expect(lines[0]).toBe("toy, policy central, seed 1");
    expect(lines).toContain("faults    20.000 to 100.000 ms  partition one-way: n1 > n2 n3");
    expect(lines).toContain("         300.000 to 400.500 ms  crash machine n2");
    expect(lines.at(-1)).toContain("slow machine n3 factor 10");
    expect(lines.join("\n")).toContain("lognormal, median 2 ms, p99 20 ms");
    expect(renderPlan(toyPlan(), plainPage)).toContain("faults   none");
  });

  test("says of clocks what they may be wrong by, or that they are wrong by more", () => {
    const faults: Plan["faults"] = [
      { kind: "clock-offset", startMs: 0, endMs: 100, machine: "n2", offsetMs: -80 },
    ];
    expect(renderPlan(toyPlan({ faults, clockSkewMs: 80 }), plainPage)).toContain(
      "clocks   wrong within a band of 80 ms",
    );
    const beyond = renderPlan(toyPlan({ faults, clockSkewMs: 79 }), { ...plainPage, width: 200 });
    expect(beyond).toContain(
      "clocks   NOT OWED is what depends on clocks: " +
        "clocks are further apart than the plan says (a band of 80 ms, clockSkewMs 79)",
    );
    expect(renderPlan(toyPlan(), plainPage).join("\n")).not.toContain("clocks");
    const { cluster } = toyPlan();
    const relative = toyPlan({ cluster: { ...cluster, ttlMode: "relative" }, clockDriftPpm: 50 });
    expect(renderPlan(relative, plainPage)).toContain(
      "clocks   values expire by monotonic ones, of rates wrong by 50 ppm at most",
    );
  });

  test("fits a narrow page", () => {
    const plan = toyPlan({
      invariants: ["linearizable", "replicas-converge", "operations-end", "audit-complete"],
    });
    for (const line of renderPlan(plan, { ...plainPage, width: 60 }))
      expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe("an event in words", () => {
  const words = (kind: string, data: unknown): string => eventText({ kind, data }, undefined);

  test("is a sentence for the kinds that are known", () => {
    expect(words("net.send", { to: "n2", message: { type: "store", key: "k", version: { n: 1 } } })).toBe(
      "sends to n2: store key=k version={n=1}",
    );
    expect(
      words("net.deliver", { from: "n2", message: { type: "held", list: ["a b", { x: null, y: [1] }] } }),
    ).toBe('receives from n2: held list=["a b", {y=[1]}]');
    expect(words("net.drop", { from: "n1", reason: "loss", message: {} })).toBe("LOST from n1 (loss): ");
    expect(words("machine.crash", { incarnation: 2 })).toBe("CRASHES, end of life 2");
    expect(words("machine.resume", { waitedUs: 812_500 })).toBe("takes up what has waited 812.5 ms");
    expect(words("process.kill", { process: "repair" })).toBe("background process repair FAILS");
    expect(words("journal", { type: "cache.get.hit", operation: "x", source: "local" })).toBe(
      "journal cache.get.hit source=local",
    );
    expect(
      eventText(
        { kind: "client.return", data: { id: "c1#1", result: "ok", value: null, error: null } },
        "get",
      ),
    ).toBe("c1#1 has its answer: ok, a miss");
  });

  test("is something readable for any other", () => {
    expect(words("my.kind", { a: 1, b: "x y", c: null })).toBe('my.kind a=1 b="x y"');
    expect(words("my\u001bkind", "\u001b[2J")).toBe('my\\x1bkind "\\u001b[2J"');
    expect(words("my.kind", undefined)).toBe("my.kind nothing");
    expect(words("net.send", null)).toBe("sends to undefined: nothing");
  });
});

function event(
  index: number,
  kind: string,
  activity: string,
  timeUs: number,
  data: unknown = {},
): TraceEvent {
  return { index, timeUs, machine: kind.startsWith("fault") ? null : "n2", kind, cause: -1, activity, data };
}

describe("the log around a violation", () => {
  const fault = (startMs: number, endMs: number) => ({ kind: "crash", startMs, endMs, machine: "n2" });
  const events = [
    event(0, "machine.boot", "boot", 0),
    event(1, "fault.start", "fault", 1000, fault(1, 5)),
    event(2, "fault.stop", "fault", 5000, fault(1, 5)),
    event(3, "fault.start", "fault", 6000, fault(6, 15)),
    event(4, "client.call", "c1#1", 10_000, { kind: "set", key: "k" }),
    event(5, "net.send", "c1#1", 10_000),
    event(6, "net.send", "other", 11_000),
    event(7, "machine.crash", "fault", 12_000),
    event(8, "fault.stop", "fault", 15_000, fault(6, 15)),
    event(9, "machine.boot", "boot", 15_000),
    event(10, "client.return", "c1#1", 20_000, { result: "ok", value: null, error: null }),
    event(11, "fault.start", "fault", 30_000, fault(30, 40)),
  ];

  test("has the events of the certificate's operations and what befell the machines meanwhile", () => {
    const around = eventsAround(events, violation([operation("c1#1")]));
    expect(around.map(({ index }) => index)).toEqual([3, 4, 5, 7, 8, 9, 10]);
  });

  test("is about the writes of the key where the certificate names no operation", () => {
    const around = eventsAround(events, violation([]));
    expect(around.map(({ index }) => index)).toEqual([3, 4, 5, 7, 8, 9, 10]);
  });

  test("leaves out the least telling ones first, from the middle", () => {
    expect(mostTelling(events, 9).map(({ kind }) => kind)).not.toContain("net.send");
    const sends = Array.from({ length: 100 }, (_, n) => event(n, "net.send", "c1#1", n));
    const kept = mostTelling([...sends, event(100, "client.return", "c1#1", 100)], 11);
    expect(kept.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 95, 96, 97, 98, 99, 100]);
  });

  test("is in time order, each machine in a column of its own", () => {
    const lines = renderEvents(events.slice(3, 5), ["n1", "n2"], plainPage);
    expect(lines).toEqual([
      " 6.000  #3  fault begins: crash machine n2",
      "10.000  #4    n2 undefined asks: set k",
    ]);
  });

  test("is cut to the page", () => {
    const long = event(0, "journal", "x", 0, { type: "t", text: "x".repeat(500) });
    const [line = ""] = renderEvents([long], ["n2"], { ...plainPage, width: 80 });
    expect(line).toHaveLength(80);
  });
});

describe("a replay", () => {
  const mostOk: Invariant = {
    name: "none-ok",
    summary: "",
    check: ({ history }) => [violation(history.slice(0, 2), { invariant: "none-ok" })],
  };
  const options = { system: toySystem, invariants: [mostOk] };

  test("prints the same twice, with hash, digest, statistics, certificate and log", async () => {
    const text = async (): Promise<string> => {
      const replayed = await replay(toyPlan(), options);
      return renderReplay(replayed, replayed.outcome.digest, () => null, "violation", plainPage).join("\n");
    };
    const first = await text();
    expect(await text()).toBe(first);
    expect(first).toMatch(/trace hash {2}[0-9a-f]{64}\n/);
    expect(first).toMatch(/digest {6}[0-9a-f]{16}\n/);
    expect(first).toMatch(/operations {2}60: 60 ok, 0 fail, 0 indeterminate/);
    expect(first).toContain("1 violation\n");
    expect(first).toContain("Event log around the violation (none-ok, key k)");
    expect(first).toMatch(/other events left out; --log all/);
  });

  test("prints as much of the log as it is asked to", async () => {
    const replayed = await replay(toyPlan(), options);
    const lines = (log: "all" | "none"): string[] =>
      renderReplay(replayed, replayed.outcome.digest, () => "as meant", log, plainPage);
    expect(lines("all").length).toBeGreaterThan(replayed.events.length);
    expect(lines("none").join("\n")).not.toContain("Event log");
  });

  test("says when recording changed the run", async () => {
    const replayed = await replay(toyPlan(), options);
    expect(renderReplay(replayed, "other", () => "as meant", "none", plainPage).join("\n")).toContain(
      "NOT DETERMINISTIC",
    );
  });

  test("that cannot be finished says why, with a stack only where that helps", () => {
    const inSystem = renderFailedReplay(toyPlan(), new TypeError("x is not a function"), plainPage).join(
      "\n",
    );
    expect(inSystem).toContain("the run could not be finished: TypeError: x is not a function");
    expect(inSystem).toMatch(/\n {4}at /);
    const runaway = Object.assign(new Error("no end"), { name: "RunawayError" });
    expect(renderFailedReplay(toyPlan(), runaway, plainPage).join("\n")).not.toMatch(/\n {4}at /);
    expect(renderFailedReplay(toyPlan(), "text", plainPage).join("\n")).toContain("Error: text");
  });

  test("as a trace file is a header and one line an event", async () => {
    const replayed = await replay(toyPlan(), options);
    const lines = [...traceLines(replayed, { code: "1.2.3", node: "v20.19.0" })].map((line) =>
      JSON.parse(line),
    );
    expect(lines[0]).toEqual({
      format: "cache-sim/trace",
      version: 1,
      code: "1.2.3",
      node: "v20.19.0",
      eventCount: replayed.events.length,
      traceHash: replayed.traceHash,
      plan: toyPlan(),
    });
    expect(lines.slice(1)).toEqual(replayed.events.map((each) => JSON.parse(JSON.stringify(each))));
  });
});
