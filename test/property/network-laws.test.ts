import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { NetworkOptions } from "../../sim/world/network.ts";
import { injure } from "../support/injure.ts";
import { type WorldHarness, worldHarness } from "../support/world-harness.ts";

/**
 * What holds on every link whatever conditions come and go, in any combination. The faults of these tests overlap
 * each other at will and all end at 300 ms.
 */

const MACHINES = ["n1", "n2", "n3", "n4"];
const ZONES = { z1: ["n1", "n2"], z2: ["n3", "n4"] };
const HEAL_MS = 300;
const END_US = 3_600_000_000;

const machine = fc.constantFrom(...MACHINES);
const place = fc.constantFrom("*", "z1", "z2", ...MACHINES);
const window = fc
  .tuple(fc.integer({ min: 0, max: HEAL_MS * 4 }), fc.integer({ min: 0, max: HEAL_MS * 4 }))
  .map(([a, b]) => ({ startMs: Math.min(a, b) / 4, endMs: Math.max(a, b) / 4 }))
  .filter(({ startMs, endMs }) => startMs < endMs);
const share = fc.constantFrom(0.2, 0.5, 1);

interface Injury {
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly [field: string]: unknown;
}

function ofKind(kind: string, fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Injury> {
  return fc.tuple(window, fc.record(fields)).map(([times, own]) => ({ kind, ...times, ...own }));
}

const cut = fc
  .tuple(fc.subarray(MACHINES, { minLength: 1, maxLength: 3 }), fc.boolean())
  .chain(([left, isOneWay]) =>
    ofKind("partition", {
      shape: fc.constant(isOneWay ? "one-way" : "halves"),
      left: fc.constant(left),
      right: fc.constant(MACHINES.filter((each) => !left.includes(each))),
    }),
  );

const injury = fc.oneof(
  cut,
  ofKind("clog", { machine }),
  ofKind("clog", { from: place, to: place }),
  ofKind("congestion", {
    bytesPerSecond: fc.constantFrom(500, 2000, 20_000),
    queueBytes: fc.constantFrom(50, 1000, 100_000),
    from: place,
  }),
  ofKind("slow", { machine, factor: fc.constantFrom(2, 10, 50) }),
  ofKind("loss", { share, to: place }),
  ofKind("duplicate", { share }),
  ofKind("corrupt", { share, from: place }),
  window.chain((times) =>
    fc.record({
      kind: fc.constant("swizzle-clog"),
      startMs: fc.constant(times.startMs),
      endMs: fc.constant(times.endMs),
      clogs: fc
        .uniqueArray(
          fc.record({
            machine,
            from: fc.double({ min: 0, max: 1, noNaN: true }),
            to: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { selector: (each) => each.machine, minLength: 1 },
        )
        .map((list) =>
          list.map(({ machine: name, from, to }) => {
            const at = (part: number) =>
              times.startMs + Math.round(part * (times.endMs - times.startMs) * 1000) / 1000;
            return { machine: name, startMs: at(Math.min(from, to)), endMs: at(Math.max(from, to)) };
          }),
        ),
    }),
  ),
);

const crash = ofKind("crash", { machine });

const network = fc.record({
  latency: fc.constantFrom<NetworkOptions["latency"]>(
    { kind: "exponential", minMs: 0, meanMs: 8 },
    { kind: "constant", ms: 0 },
    { kind: "uniform", minMs: 1, maxMs: 60 },
  ),
  loss: fc.constantFrom(0, 0.1),
  duplicate: fc.constantFrom(0, 0.3),
  reorder: fc.constant(0),
  corrupt: fc.constantFrom(0, 0.2),
  bytesPerSecond: fc.constantFrom(undefined, undefined, 3000),
  queueBytes: fc.constantFrom(undefined, 100),
});

/** Sent at once: some bytes on each of two links. */
const message = fc.record({
  atMs: fc.integer({ min: 0, max: HEAL_MS * 4 }).map((quarters) => quarters / 4),
  from: machine,
  to: machine,
  bytes: fc.integer({ min: 8, max: 60 }),
});

interface World {
  readonly network: Partial<NetworkOptions>;
  readonly injuries: readonly Injury[];
  readonly messages: readonly { atMs: number; from: string; to: string; bytes: number }[];
}

function world(extra: fc.Arbitrary<Injury>): fc.Arbitrary<World> {
  return fc.record({
    network,
    injuries: fc.array(fc.oneof({ arbitrary: injury, weight: 6 }, extra), { maxLength: 8 }),
    messages: fc
      .array(message, { minLength: 1, maxLength: 60 })
      .map((list) => list.filter(({ from, to }) => from !== to).sort((a, b) => a.atMs - b.atMs)),
  });
}

/** Sends everything; each message begins with its number on its link, as in "000012". */
function begin({ network: options, injuries, messages }: World, seed: number): WorldHarness {
  const harness = worldHarness(MACHINES, { ...options, zones: ZONES }, seed);
  for (const { kind, ...fault } of injuries) injure(harness, kind, fault);
  const sent = new Map<string, number>();
  for (const { atMs, from, to, bytes } of messages) {
    harness.at(atMs, () => {
      if (!harness.world.machine(from).isUp) return;
      const link = `${from}>${to}`;
      const number = sent.get(link) ?? 0;
      sent.set(link, number + 1);
      harness.send(from, to, String(number).padStart(6, "0").padEnd(bytes, "."));
    });
  }
  return harness;
}

/** What arrived on each link, by number; what is damaged in its number is left out. */
function numbersByLink({ arrivals }: WorldHarness): Map<string, number[]> {
  const byLink = new Map<string, number[]>();
  for (const { from, at, text } of arrivals) {
    if (!/^0\d{5}\.*$/.test(text)) continue;
    const link = `${from}>${at}`;
    byLink.set(link, [...(byLink.get(link) ?? []), Number(text.slice(0, 6))]);
  }
  return byLink;
}

const seed = fc.nat(1_000_000);
const settings = { seed: 20_260_301, numRuns: 300 };

describe("whatever conditions come and go on a link", () => {
  test.prop([world(injury), seed], settings)(
    "its order is kept, and a second copy comes after the first",
    async (drawn, chance) => {
      // A damaged number may look like another one.
      const clean = { ...drawn, network: { ...drawn.network, corrupt: 0 } };
      const injuries = drawn.injuries.filter(({ kind }) => kind !== "corrupt");
      const harness = begin({ ...clean, injuries }, chance);
      await harness.kernel.run(END_US);
      for (const numbers of numbersByLink(harness).values()) {
        const firsts = [...new Set(numbers)];
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
      }
    },
  );

  test.prop([world(injury), seed], settings)(
    "nothing goes through while it is cut or clogged",
    async (drawn, chance) => {
      const harness = begin(drawn, chance);
      await harness.kernel.run(END_US);
      for (const { from, at, atUs } of harness.arrivals) {
        for (const { kind, startMs, endMs, ...fault } of drawn.injuries) {
          if (atUs <= startMs * 1000 || atUs >= endMs * 1000) continue;
          const { left, right, shape, machine: clogged } = fault as Record<string, string[] | string>;
          if (kind === "partition") {
            const isBetween = (a: string, b: string) =>
              (left?.includes(a) ?? false) && (right?.includes(b) ?? false);
            expect(isBetween(from, at) || (shape === "halves" && isBetween(at, from))).toBe(false);
          }
          if (kind === "clog" && clogged !== undefined) expect([from, at]).not.toContain(clogged);
        }
      }
    },
  );

  test.prop([world(crash), seed], settings)(
    "every message is accounted for, at any time and at the end",
    async (drawn, chance) => {
      const harness = begin(drawn, chance);
      const { statistics } = harness.world.network;
      const underWay = () => {
        const { sent, duplicated, delivered, lost, blocked, refused, overflowed } = statistics;
        return sent + duplicated - delivered - lost - blocked - refused - overflowed;
      };
      for (const ms of [50, 150, HEAL_MS]) {
        await harness.kernel.run(ms * 1000);
        expect(underWay()).toBeGreaterThanOrEqual(0);
      }
      await harness.kernel.run(END_US);
      expect(underWay()).toBe(0);
      const delivered = harness.arrivals.filter(({ text }) => text !== "reset").length;
      expect(delivered).toBe(statistics.delivered);
      expect(harness.errors).toEqual([]);
    },
  );

  test.prop([world(crash), seed], settings)(
    "nothing is held up for long when all of them are over",
    async (drawn, chance) => {
      const free = { ...drawn, network: { ...drawn.network, bytesPerSecond: undefined } };
      const harness = begin(free, chance);
      await harness.kernel.run(END_US);
      // Delays were drawn before; what is left of them is at most the largest that 2^32 quantiles can give.
      const largestMs = 8 * Math.log(4_294_967_296);
      for (const { atUs } of harness.arrivals) expect(atUs / 1000).toBeLessThan(HEAL_MS + largestMs + 1);
    },
  );
});

/** One link under heavy use, with nothing but what moves messages in time. */
const busyLink = fc.record({
  network: fc.record({
    latency: fc.constantFrom<NetworkOptions["latency"]>(
      { kind: "uniform", minMs: 1, maxMs: 40 },
      { kind: "constant", ms: 0.5 },
      { kind: "exponential", minMs: 0, meanMs: 4 },
    ),
    duplicate: fc.constantFrom(0, 0.5),
    bytesPerSecond: fc.constantFrom(undefined, 8000, 20_000),
  }),
  gapMs: fc.constantFrom(0.25, 0.5, 1, 3),
  injuries: fc.array(
    fc.oneof(
      ofKind("slow-link", {
        from: fc.constant("n1"),
        to: fc.constant("n2"),
        factor: fc.constantFrom(2, 10, 100),
      }),
      ofKind("congestion", { bytesPerSecond: fc.constantFrom(500, 2000, 10_000) }),
      ofKind("clog", { from: fc.constant("n1"), to: fc.constant("n2") }),
      ofKind("crash", { machine: fc.constant("n1") }),
    ),
    { minLength: 1, maxLength: 7 },
  ),
});

describe("a busy link", () => {
  test.prop([busyLink, seed], { seed: 7, numRuns: 300 })(
    "keeps its order, resets included, and brings second copies after the first",
    async ({ network: options, gapMs, injuries }, chance) => {
      const harness = worldHarness(MACHINES, options, chance);
      const sent: string[] = [];
      for (const { kind, ...fault } of injuries) injure(harness, kind, fault);
      for (const { kind, startMs } of injuries) {
        if (kind === "crash") harness.at(startMs, () => sent.push("reset"));
      }
      for (let i = 0; i * gapMs < HEAL_MS; i++) {
        harness.at(i * gapMs + 0.1, () => {
          if (!harness.world.machine("n1").isUp) return;
          sent.push(String(i));
          harness.send("n1", "n2", `${i}`);
        });
      }
      await harness.kernel.run(END_US);
      const got = harness.arrivals
        .filter(({ from, at }) => from === "n1" && at === "n2")
        .map(({ text }) => text);
      const firsts = got.filter((text, i) => text === "reset" || got.indexOf(text) === i);
      const place = new Map(sent.map((text, i) => [text, i]));
      const numbers = firsts.filter((text) => text !== "reset").map((text) => place.get(text) as number);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      // Between two resets arrives what was sent between two crashes.
      if (injuries.filter(({ kind }) => kind === "crash").length === 1) {
        expect(firsts.indexOf("reset")).toBe(
          firsts.filter((text) => text !== "reset" && (place.get(text) as number) < (place.get("reset") ?? 0))
            .length,
        );
      }
    },
  );
});
