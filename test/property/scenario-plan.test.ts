import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { drawPlan } from "../../sim/run/draw/draw-plan.ts";
import { checkPlan } from "../../sim/run/load/load-plan-check.ts";
import { loadPlan } from "../../sim/run/load/load-plan.ts";
import { loadScenario } from "../../sim/run/load/load-scenario.ts";
import { renderProblem } from "../../sim/run/load/load-problem.ts";
import { type Plan, planSchema } from "../../sim/run/plan.ts";
import { checkScenario } from "../../sim/run/scenario/scenario-check.ts";
import { type FaultSpec, type Scenario, scenarioSchema } from "../../sim/run/scenario/scenario.ts";
import { faultKind } from "../../sim/world/faults/index.ts";

// The same examples in every run of the tests; `seed` is free to change.
fc.configureGlobal({ seed: 20_250_607 });

const known = { systems: ["cache"], policies: ["seed", "abd"], invariants: ["linearizable"] };

/** Text of two quantities, the smaller first. */
function range(unit: string, min: number, max: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => `${Math.min(a, b)}${unit}..${Math.max(a, b)}${unit}`);
}

const faultSpec = fc
  .record({
    count: fc.oneof(range("", 0, 6), fc.integer({ min: 0, max: 6 })),
    lasts: fc.option(range("ms", 0, 1000), { nil: undefined }),
    between: fc.constantFrom(undefined, "0s..2s", "500ms..1500ms", "1s..2s"),
  })
  .chain((common) =>
    fc
      .oneof(
        // No more than three machines, the fewest that may forget, have room for at its longest.
        fc.record({ kind: fc.constant("crash"), count: range("", 0, 3) }),
        fc.record({
          kind: fc.constant("partition"),
          shape: fc.constantFrom("halves", "isolate-one", "one-way", "zone-outage"),
        }),
        fc.record({ kind: fc.constant("slow"), factor: range("", 1, 1000) }),
        fc.record({
          kind: fc.constantFrom("loss", "duplicate", "reorder", "corrupt"),
          share: range("%", 0, 100),
          from: fc.constantFrom("*", "z1", "n1"),
        }),
        fc.record({ kind: fc.constant("slow-link"), from: fc.constantFrom("*", "n1") }),
        fc.record({
          kind: fc.constant("congestion"),
          bandwidth: range("KB/s", 1, 1000),
          queue: range("B", 0, 9),
        }),
        fc.record({ kind: fc.constant("clog"), among: fc.constantFrom("*", "n2", ["z1", "n2"]) }),
        fc.record({ kind: fc.constant("clog"), to: fc.constantFrom("*", "z2") }),
        fc.record({ kind: fc.constant("swizzle-clog"), size: range("", 1, 2) }),
      )
      .map((own) => ({ ...withoutUndefined(common), ...own })),
  );

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const latency = fc.oneof(
  fc.record({ kind: fc.constant("constant"), delay: fc.constantFrom("0ms", "1ms", "250us") }),
  fc.record({ kind: fc.constant("uniform"), min: fc.constant("1ms"), max: fc.constantFrom("1ms", "30ms") }),
  fc.record({ kind: fc.constant("exponential"), mean: fc.constantFrom("1ms", "2s") }),
  fc.record({
    kind: fc.constant("lognormal"),
    median: fc.constant("2ms"),
    p99: fc.constantFrom("2ms", "1s"),
  }),
  fc.record({
    kind: fc.constant("pareto"),
    min: fc.constantFrom("235us", "1ms"),
    shape: fc.constantFrom(1, 10),
  }),
  fc.constant({
    kind: "mixture",
    parts: [
      { weight: "91.22%", kind: "pareto", min: "235us", shape: 10 },
      { weight: 8.78, kind: "exponential", mean: "602.4096us" },
    ],
  }),
  fc.constant({
    kind: "empirical",
    points: [
      ["0%", "1ms"],
      ["100%", "9ms"],
    ],
  }),
);

/** What a scenario file may say, with a safety phase of two seconds. */
const scenarioInput = fc
  .record({
    machines: fc.integer({ min: 2, max: 7 }),
    replication: fc.integer({ min: 1, max: 7 }),
    forgetting: fc.integer({ min: 0, max: 3 }),
    catchUp: fc.integer({ min: 0, max: 3000 }),
    latency,
    network: fc.constantFrom(
      {},
      { corrupt: "1%", bandwidth: "1MB/s", queue: "4KB" },
      {
        crossZone: { latency: { kind: "constant", delay: "40ms" }, loss: "1%" },
        links: [{ from: "z1", to: "*", duplicate: "5%" }],
      },
    ),
    clients: fc.integer({ min: 1, max: 6 }),
    operations: fc.integer({ min: 1, max: 30 }),
    keys: fc.integer({ min: 1, max: 5 }),
    mix: fc.record({ get: fc.nat(5), set: fc.nat(5), delete: fc.nat(5) }),
    bursts: fc.integer({ min: 0, max: 100 }),
    gap: fc.constantFrom(undefined, "0ms", "1ms..100ms"),
    ttl: fc.constantFrom(
      undefined,
      { lasts: "1us..3s" },
      { lasts: "100ms..1s", share: "50%", aimed: "100%" },
    ),
    faults: fc.array(faultSpec, { maxLength: 5 }),
  })
  .map((drawn) => {
    const replication = Math.min(drawn.replication, drawn.machines);
    const forgetting = Math.min(drawn.forgetting, Math.floor((replication - 1) / 2));
    const { clients, operations, keys, bursts, gap, ttl } = drawn;
    return {
      name: "arbitrary",
      story: "Anything that may be written.",
      cluster: { machines: drawn.machines, zones: 2, replication },
      network: { latency: drawn.latency, ...drawn.network },
      workload: {
        clients,
        operations,
        keys,
        mix: { ...drawn.mix, get: drawn.mix.get + 1 },
        bursts: `${bursts}%`,
        ...withoutUndefined({ gap, ttl }),
      },
      faults: drawn.faults.filter(({ kind }) => kind !== "crash" || forgetting > 0),
      budget: { forgetting, catchUp: `${drawn.catchUp}ms` },
      phases: { safety: "2s", settle: "1s", audit: "2s" },
    };
  });

const arbitraryScenario = scenarioInput.map((input) => scenarioSchema.parse(input));
const arbitrarySeed = fc.maxSafeNat();

function draw(scenario: Scenario, seed: number): Plan {
  return drawPlan(scenario, { seed, system: "cache", policy: "abd", invariants: ["linearizable"] });
}

function withoutKind(scenario: Scenario, kind: string): Scenario {
  return { ...scenario, faults: scenario.faults.filter((spec) => spec.kind !== kind) };
}

/** By definition, one step at a time: the first stretch after the restart in which nothing disturbs the network. */
function caughtUpAtMs(plan: Plan, restartMs: number, catchUpMs: number): number {
  const disturbing = plan.faults.filter(({ kind }) => faultKind(kind)?.impairsNetwork);
  const starts = [restartMs, ...disturbing.map(({ endMs }) => endMs)].filter((ms) => ms >= restartMs);
  const calm = starts.filter(
    (ms) => !disturbing.some((fault) => fault.startMs < ms + catchUpMs && fault.endMs > ms),
  );
  return Math.min(...calm) + catchUpMs;
}

describe("any scenario that may be written", () => {
  test.prop([scenarioInput])("is read from its text as from its value", (input) => {
    const loaded = loadScenario(JSON.stringify(input, null, 1), "s.yaml", known);
    expect(loaded).toEqual({ ok: true, value: scenarioSchema.parse(input) });
    expect(checkScenario(scenarioSchema.parse(input), known)).toEqual([]);
  });

  test.prop([arbitraryScenario, arbitrarySeed])(
    "gives plans that are valid and survive JSON",
    (scenario, seed) => {
      const plan = draw(scenario, seed);
      expect(planSchema.parse(plan)).toEqual(plan);
      expect(checkPlan(plan, known)).toEqual([]);
      expect(loadPlan(JSON.stringify(plan), "p.json", known)).toEqual({ ok: true, value: plan });
    },
  );

  test.prop([arbitraryScenario, arbitrarySeed])("gives the same plan for the same seed", (scenario, seed) => {
    expect(draw(structuredClone(scenario), seed)).toEqual(draw(scenario, seed));
  });

  test.prop([arbitraryScenario, arbitrarySeed])("keeps its own promises", (scenario, seed) => {
    const { operations, faults, phases, swarm } = draw(scenario, seed);
    const { workload, cluster } = scenario;
    const audits = cluster.machines.length * workload.keys.length;
    expect(operations).toHaveLength(workload.clients * workload.operations + audits);
    expect(operations.filter(({ atMs }) => atMs >= phases.settleMs)).toHaveLength(audits);
    for (const fault of faults) {
      const specs = scenario.faults.filter(({ kind }) => kind === fault.kind);
      expect(specs.some((spec) => isOf(spec, fault))).toBe(true);
    }
    for (const kind of ["partition", "slow", "loss"]) {
      const specs = scenario.faults.filter((spec) => spec.kind === kind);
      const count = faults.filter((fault) => fault.kind === kind).length;
      if (swarm?.[kind] === 0) {
        expect(count).toBe(0);
        continue;
      }
      expect(count).toBeGreaterThanOrEqual(specs.reduce((sum, spec) => sum + spec.count.min, 0));
      expect(count).toBeLessThanOrEqual(specs.reduce((sum, spec) => sum + spec.count.max, 0));
    }
  });

  function isOf(spec: FaultSpec, { startMs, endMs }: Plan["faults"][number]): boolean {
    const { min, max } = spec.between ?? { min: 0, max: 2000 };
    const lastedMs = endMs - startMs;
    const isLongEnough = lastedMs >= spec.lasts.min - 0.002 && lastedMs <= spec.lasts.max + 0.002;
    return startMs >= min && endMs <= max && isLongEnough;
  }

  test.prop([arbitraryScenario, arbitrarySeed])("never exceeds its fault budget", (scenario, seed) => {
    const { forgetting, catchUpMs } = scenario.budget;
    const plan = draw(scenario, seed);
    const impaired = plan.faults.flatMap((fault) => {
      if (fault.kind !== "crash") return [];
      return [{ ...fault, untilMs: caughtUpAtMs(plan, fault.endMs, catchUpMs) }];
    });
    for (const { startMs } of impaired) {
      const current = impaired.filter((other) => other.startMs <= startMs && other.untilMs >= startMs);
      expect(new Set(current.map(({ machine }) => machine)).size).toBeLessThanOrEqual(forgetting);
    }
    for (const [i, crash] of impaired.entries()) {
      const again = impaired.slice(i + 1).filter(({ machine }) => machine === crash.machine);
      for (const { startMs } of again) expect(startMs).toBeGreaterThan(crash.endMs);
    }
  });

  test.prop([arbitraryScenario, arbitrarySeed])(
    "leaves all else as it was when a client is added",
    (scenario, seed) => {
      const { workload } = scenario;
      const before = draw(scenario, seed);
      const after = draw({ ...scenario, workload: { ...workload, clients: workload.clients + 1 } }, seed);
      const added = `c${workload.clients + 1}`;
      expect(after.operations.filter(({ client }) => client !== added)).toEqual(before.operations);
      expect(after.faults).toEqual(before.faults);
    },
  );

  test.prop([arbitraryScenario, arbitrarySeed, fc.constantFrom("partition", "slow", "loss", "crash")])(
    "leaves all else as it was when a kind of fault is removed",
    (scenario, seed, kind) => {
      const before = draw(scenario, seed);
      const after = draw(withoutKind(scenario, kind), seed);
      expect(after.operations).toEqual(before.operations);
      // A crash may come back when the budget has room for it; everything else must be the same.
      const others = (plan: Plan): Plan["faults"] =>
        plan.faults.filter((fault) => fault.kind !== kind && fault.kind !== "crash");
      const left = Object.entries(before.swarm ?? {}).filter(([other]) => other !== kind);
      // A seed that had taken this kind alone now takes another one instead: it never takes none.
      if (left.length > 0 && left.every(([, share]) => share === 0)) {
        expect(Object.values(after.swarm ?? {}).filter((share) => share > 0)).toHaveLength(1);
      } else expect(others(after)).toEqual(others(before));
    },
  );

  test.prop([arbitraryScenario, arbitrarySeed, fc.constantFrom("partition", "slow", "loss", "duplicate")])(
    "leaves crashes as they were as well, when the budget withholds none",
    (scenario, seed, kind) => {
      // One that may forget at a time, and one that does.
      const crash = scenario.faults.find((spec) => spec.kind === "crash");
      const others = scenario.faults.filter((spec) => spec.kind !== "crash");
      const once = crash === undefined ? [] : [{ ...crash, count: { min: 1, max: 1 } }];
      const sparse = { ...scenario, faults: [...others, ...once], swarm: false };
      const faultsOf = (from: Scenario): Plan["faults"] =>
        draw(from, seed).faults.filter((fault) => fault.kind !== kind);
      expect(faultsOf(withoutKind(sparse, kind))).toEqual(faultsOf(sparse));
    },
  );

  test.prop([arbitraryScenario, arbitrarySeed])(
    "leaves all else as it was when nothing is deleted",
    (scenario, seed) => {
      const mix = { ...scenario.workload.mix, delete: 0 };
      const before = draw(scenario, seed).operations;
      const after = draw({ ...scenario, workload: { ...scenario.workload, mix } }, seed).operations;
      for (const [i, operation] of before.entries()) {
        if (operation.kind !== "delete") expect(after[i]).toEqual(operation);
        else expect(after[i]).toMatchObject({ id: operation.id, key: operation.key, atMs: operation.atMs });
      }
    },
  );
});

describe("no text makes a loader throw", () => {
  const chunks = fc.constantFrom(
    ...Array.from("{}[]:,-?&*!|>%@`'\"#\n\t ab1.~\\"),
    "name",
    ": ",
    "\n  ",
    "- ",
    "<<",
    "__proto__",
  );
  const anyText = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(chunks).map((parts) => parts.join("")),
  );

  test.prop([anyText], { numRuns: 2000 })("whatever it says", (text) => {
    for (const loaded of [loadScenario(text, "f", known), loadPlan(text, "f", known)]) {
      expect(loaded.ok).toBe(false);
      for (const problem of loaded.ok ? [] : loaded.problems) {
        expect(renderProblem(problem)).not.toMatch(/\n|undefined|\[object/);
      }
    }
  });

  test.prop([scenarioInput, fc.nat(), fc.nat(), fc.string()])(
    "however a good one was damaged",
    (input, from, length, inserted) => {
      const text = JSON.stringify(input, null, 1);
      const start = from % text.length;
      const damaged = text.slice(0, start) + inserted + text.slice(start + (length % 20));
      const loaded = loadScenario(damaged, "f", known);
      for (const { position } of loaded.ok ? [] : loaded.problems) {
        if (position === null) continue;
        expect(position.line).toBeGreaterThan(0);
        expect(position.line).toBeLessThanOrEqual(damaged.split("\n").length);
        expect(position.column).toBeGreaterThan(0);
      }
    },
  );
});
