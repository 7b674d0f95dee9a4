import { describe, expect, test } from "vitest";
import { drawPlan } from "../../../sim/run/draw/draw-plan.ts";
import type { Plan } from "../../../sim/run/plan.ts";
import { type Scenario, scenarioSchema } from "../../../sim/run/scenario/scenario.ts";

function scenario(fields: object = {}): Scenario {
  return scenarioSchema.parse({ name: "x", story: "y", ...fields });
}

function draw(of: Scenario, seed = 1): Plan {
  return drawPlan(of, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
}

function operationsOf(plan: Plan, client: string): Plan["operations"] {
  return plan.operations.filter((operation) => operation.client === client);
}

const crashes = [{ kind: "crash", count: 20, lasts: "100ms..1s" }];

describe("a drawn plan", () => {
  const plan = draw(scenario());

  test("says where it came from", () => {
    expect(plan).toMatchObject({
      scenario: "x",
      seed: 1,
      system: "cache",
      policy: "abd",
      invariants: ["linearizable"],
      phases: { healMs: 10_000, settleMs: 15_000, endMs: 18_000 },
      deadlineMs: 1000,
    });
    expect(draw(scenario({ invariants: ["no-expired-hit"] })).invariants).toEqual(["no-expired-hit"]);
  });

  test("is the same for every policy", () => {
    const other = drawPlan(scenario(), { seed: 1, system: "other", policy: "seed", invariants: [] });
    expect({ ...other, system: "cache", policy: "abd", invariants: ["linearizable"] }).toEqual(plan);
  });

  test("shares no object with its scenario, so that editing one leaves the other", () => {
    const of = scenario({ invariants: ["a"] });
    const before = structuredClone(of);
    const drawn = draw(of);
    drawn.cluster.machines.push("n4");
    drawn.invariants.push("b");
    drawn.network.latency = { kind: "constant", ms: 1 };
    drawn.network.loss = 1;
    expect(of).toEqual(before);
  });

  test("binds clients to machines in turn, and one auditor to each machine", () => {
    expect(plan.clients).toEqual([
      { id: "c1", machine: "n1" },
      { id: "c2", machine: "n2" },
      { id: "c3", machine: "n3" },
      { id: "c4", machine: "n1" },
      { id: "audit-n1", machine: "n1" },
      { id: "audit-n2", machine: "n2" },
      { id: "audit-n3", machine: "n3" },
    ]);
  });

  test("numbers each client's operations, and writes each value once", () => {
    for (const client of ["c1", "c2", "c3", "c4"]) {
      const operations = operationsOf(plan, client);
      expect(operations.map(({ id }) => id)).toEqual(operations.map((_, i) => `${client}#${i + 1}`));
      for (const { id, kind, value } of operations) {
        expect(value).toBe(kind === "set" ? id.replace("#", ":") : undefined);
      }
    }
    const values = plan.operations.flatMap(({ value }) => value ?? []);
    expect(values.length).toBeGreaterThan(20);
    expect(new Set(values).size).toBe(values.length);
  });

  test("is in the order of time, from the safety phase into the settle phase", () => {
    const times = plan.operations.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const own = operationsOf(plan, "c1").map(({ atMs }) => atMs);
    expect(own.some((atMs) => atMs > plan.phases.healMs)).toBe(true);
    expect(own.every((atMs) => atMs < plan.phases.settleMs)).toBe(true);
  });

  test("reads every key through every machine at the end, one after the other", () => {
    const audit = plan.operations.filter(({ client }) => client.startsWith("audit-"));
    expect(audit).toHaveLength(9);
    expect(audit.slice(0, 4)).toEqual([
      { id: "audit-n1#1", client: "audit-n1", atMs: 15_000, kind: "get", key: "k1" },
      { id: "audit-n2#1", client: "audit-n2", atMs: 15_050, kind: "get", key: "k1" },
      { id: "audit-n3#1", client: "audit-n3", atMs: 15_100, kind: "get", key: "k1" },
      { id: "audit-n1#2", client: "audit-n1", atMs: 15_150, kind: "get", key: "k2" },
    ]);
    const manyKeys = draw(scenario({ workload: { keys: 500 } }));
    const last = manyKeys.operations.at(-1);
    expect((last?.atMs ?? Infinity) + manyKeys.deadlineMs).toBeLessThan(manyKeys.phases.endMs);
  });

  test("keeps to the gap when there is one", () => {
    const paced = draw(scenario({ workload: { gap: "100ms..200ms", bursts: 0, clients: 1 } }));
    const times = operationsOf(paced, "c1").map(({ atMs }) => atMs);
    const lastMs = times.at(-1) ?? 0;
    expect(lastMs).toBeGreaterThan(24 * 100);
    expect(lastMs).toBeLessThan(25 * 200);
  });

  test("brings the clients together in bursts", () => {
    const spreadMs = (bursts: string): number[] => {
      const drawn = draw(scenario({ workload: { bursts } }));
      return operationsOf(drawn, "c1").map((_, round) => {
        const times = drawn.operations.filter(({ id }) => /^c\d+#/.test(id) && id.endsWith(`#${round + 1}`));
        return (times.at(-1)?.atMs ?? 0) - (times[0]?.atMs ?? 0);
      });
    };
    expect(spreadMs("100%").every((ms) => ms <= 8)).toBe(true);
    expect(spreadMs("0%").some((ms) => ms <= 8)).toBe(false);
  });
});

describe("times to live", () => {
  const ttl = { lasts: "200ms..2s", share: "80%", aimed: "100%" };

  test("are within their range, on sets only", () => {
    const drawn = draw(scenario({ workload: { operations: 100, ttl } }));
    const sets = drawn.operations.filter(({ kind }) => kind === "set");
    const lives = drawn.operations.flatMap(({ ttlMs }) => ttlMs ?? []);
    expect(lives.length / sets.length).toBeGreaterThan(0.7);
    expect(lives.length / sets.length).toBeLessThan(0.9);
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...lives)).toBeLessThanOrEqual(2000);
    expect(drawn.operations.every(({ kind, ttlMs }) => kind === "set" || ttlMs === undefined)).toBe(true);
  });

  test("end amid other operations when they are aimed", () => {
    const nearest = (aimed: string): number => {
      const drawn = draw(scenario({ workload: { operations: 100, bursts: "100%", ttl: { ...ttl, aimed } } }));
      const times = drawn.operations.map(({ atMs }) => atMs);
      const ends = drawn.operations.flatMap(({ atMs, ttlMs }) => (ttlMs === undefined ? [] : [atMs + ttlMs]));
      const near = ends.filter((endMs) => times.some((atMs) => Math.abs(atMs - endMs) <= 8));
      return near.length / ends.length;
    };
    expect(nearest("100%")).toBeGreaterThan(0.9);
    expect(nearest("0%")).toBeLessThan(0.4);
  });
});

describe("faults", () => {
  test("happen as often and last as long as the scenario says, within their window", () => {
    const spec = { kind: "slow", count: "2..4", lasts: "300ms..1s", between: "2s..6s", factor: "10..20" };
    const counts = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      const { faults } = draw(scenario({ faults: [spec] }), seed);
      counts.add(faults.length);
      for (const fault of faults) {
        expect(fault.startMs).toBeGreaterThanOrEqual(2000);
        expect(fault.endMs).toBeLessThanOrEqual(6000);
        expect(fault.endMs - fault.startMs).toBeGreaterThan(299.99);
        expect(fault.endMs - fault.startMs).toBeLessThan(1000.01);
      }
      expect(faults).toEqual(faults.toSorted((a, b) => a.startMs - b.startMs));
    }
    expect(counts).toEqual(new Set([2, 3, 4]));
  });

  test("of one kind may have several entries, drawn apart", () => {
    const window = (between: string): object => ({ kind: "partition", count: 1, lasts: "1s", between });
    const { faults } = draw(scenario({ faults: [window("0s..3s"), window("3s..6s"), window("6s..9s")] }));
    expect(faults).toHaveLength(3);
    expect(new Set(faults.map(({ startMs }) => startMs % 3000)).size).toBe(3);
  });

  test("begin, half of them, while all clients act", () => {
    const startShare = (bursts: string): number => {
      const of = scenario({ workload: { bursts }, faults: [{ kind: "slow", count: 500, lasts: "500ms" }] });
      const { operations, faults } = draw(of);
      const isAmid = ({ startMs }: { startMs: number }): boolean =>
        operations.some(({ atMs }) => atMs <= startMs && atMs >= startMs - 8) &&
        operations.some(({ atMs }) => atMs >= startMs && atMs <= startMs + 8);
      return faults.filter(isAmid).length / faults.length;
    };
    expect(startShare("30%")).toBeGreaterThan(0.25);
    expect(startShare("0%")).toBeLessThan(0.1);
  });

  test("leave time to catch up before another machine forgets", () => {
    const { faults } = draw(scenario({ faults: crashes, budget: { catchUp: "3s" } }));
    expect(faults.length).toBeGreaterThan(1);
    expect(faults.length).toBeLessThan(20);
    for (const [i, fault] of faults.entries()) {
      const next = faults[i + 1];
      if (fault.kind !== "crash" || next?.kind !== "crash") continue;
      const pauseMs = next.startMs - fault.endMs;
      expect(pauseMs).toBeGreaterThan(next.machine === fault.machine ? 0 : 3000);
    }
  });

  test("that disturb the network put off the end of a catch-up", () => {
    const noisy = [...crashes, { kind: "loss", count: 1, share: 0.1, lasts: "10s" }];
    const { faults } = draw(scenario({ faults: noisy }));
    const machines = faults.flatMap((fault) => (fault.kind === "crash" ? [fault.machine] : []));
    expect(machines.length).toBeGreaterThan(0);
    expect(new Set(machines).size).toBe(1);
  });

  test("may make as many machines forget at once as the budget says", () => {
    const together = (forgetting: number): number => {
      const of = scenario({
        cluster: { machines: 5, replication: 5 },
        budget: { forgetting },
        faults: [{ kind: "crash", count: 60, lasts: "500ms..1s" }],
      });
      const { faults } = draw(of);
      return Math.max(
        ...faults.map(
          ({ startMs }) => faults.filter((f) => f.startMs <= startMs && f.endMs >= startMs).length,
        ),
      );
    };
    expect(together(1)).toBe(1);
    expect(together(2)).toBe(2);
  });
});

describe("what stays when something else changes", () => {
  const base = scenario({
    faults: [{ kind: "partition" }, { kind: "slow" }, { kind: "reorder", share: "10%..50%" }],
  });
  const plan = draw(base);
  const without = (kind: string): Plan["faults"] => plan.faults.filter((fault) => fault.kind !== kind);

  test("another kind of fault", () => {
    const fewer = { ...base, faults: base.faults.filter(({ kind }) => kind !== "partition") };
    expect(draw(fewer).faults).toEqual(without("partition"));
    expect(draw(fewer).operations).toEqual(plan.operations);
  });

  test("one more fault of a kind", () => {
    const of = (count: number): Plan["faults"] =>
      draw(
        scenario({
          faults: [
            { kind: "slow", count },
            { kind: "partition", count: 2 },
          ],
        }),
      ).faults;
    expect(of(5)).toEqual(expect.arrayContaining(of(4)));
  });

  test("one more client", () => {
    const more = draw({ ...base, workload: { ...base.workload, clients: 5 } });
    const others = more.operations.filter(({ client }) => client !== "c5");
    expect(others).toEqual(plan.operations);
    expect(more.faults).toEqual(plan.faults);
  });

  test("one more operation of each client, with a gap of its own", () => {
    const paced = (operations: number): Plan =>
      draw(scenario({ workload: { operations, gap: "100ms..300ms", ttl: { lasts: "1s", aimed: 0 } } }));
    const longer = new Set(paced(26).operations.map((operation) => JSON.stringify(operation)));
    for (const operation of paced(25).operations) expect(longer).toContain(JSON.stringify(operation));
  });

  test("a kind of operation that no longer happens", () => {
    const mix = { ...base.workload.mix, delete: 0 };
    const fewer = draw({ ...base, workload: { ...base.workload, mix } });
    for (const [i, before] of plan.operations.entries()) {
      if (before.kind !== "delete") expect(fewer.operations[i]).toEqual(before);
      else expect(fewer.operations[i]).toMatchObject({ id: before.id, atMs: before.atMs, key: before.key });
    }
    expect(plan.operations.some(({ kind }) => kind === "delete")).toBe(true);
  });

  test("values that expire", () => {
    const ttl = { lasts: { min: 100, max: 200 }, share: 1, aimed: 0.5 };
    const expiring = draw({ ...base, workload: { ...base.workload, ttl } });
    const stripped = expiring.operations.map(({ ttlMs: _ttlMs, ...operation }) => operation);
    expect(stripped).toEqual(plan.operations);
  });

  test("one more machine, but for what it takes upon itself", () => {
    const spec = {
      faults: [
        { kind: "crash", count: 3 },
        { kind: "slow", count: 3 },
      ],
    };
    const three = draw(scenario({ ...spec, cluster: { machines: 3, replication: 3 } }));
    const four = draw(scenario({ ...spec, cluster: { machines: 4, replication: 3 } }));
    const own = ({ client }: { client: string }): boolean => !client.startsWith("audit-");
    expect(four.operations.filter(own)).toEqual(three.operations.filter(own));
    for (const fault of three.faults) {
      if (fault.kind !== "slow") continue;
      const { machine: _machine, ...rest } = fault;
      const same = four.faults.find(({ kind, startMs }) => kind === "slow" && startMs === fault.startMs);
      expect(same).toMatchObject(rest);
      expect(["n4", fault.machine]).toContain(same?.kind === "slow" ? same.machine : "");
    }
  });
});

test("an unknown kind of fault is a bug of whoever built the scenario", () => {
  const broken = {
    ...scenario(),
    faults: [{ kind: "quake", count: { min: 1, max: 1 }, lasts: { min: 1, max: 1 } }],
  };
  expect(() => draw(broken)).toThrow('no fault is called "quake"');
});
