import { fc, test } from "@fast-check/vitest";
import type { Instant, Millis } from "@phyxius/clock";
import { expect } from "vitest";
import type { CacheRecord } from "../../src/index.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { createRelativeLink } from "../../src/ttl/relative-link.ts";
import { createRelativeTtlClock, slowestRate, TICK_MS } from "../../src/ttl/ttl-clock.ts";
import { createCodec } from "../../src/wire/codec.ts";
import { WireError } from "../../src/wire/wire-error.ts";

/**
 * Times to live that are relative, against the true time, which no node knows: nodes with monotonic clocks that count
 * from anywhere at any rate within the bound, and wall clocks that show anything; messages that are late, repeated, out
 * of order; a record that wanders from node to node.
 */

fc.configureGlobal({ seed: 20_251_122 });

const NODES = ["n1", "n2", "n3", "n4"];
const END_MS = 10_000;

interface Rate {
  readonly fromMs: number;
  /** From -1, as slow as may be, to 1. */
  readonly error: number;
}

interface Sending {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  /** When each copy of it arrives. */
  readonly delaysMs: readonly number[];
  readonly bearsRecord: boolean;
}

/** Evenly, to the microsecond; `fc.double` prefers what is next to nothing. */
function upTo(maxMs: number, minMs = 0): fc.Arbitrary<number> {
  return fc.integer({ min: minMs * 1000, max: maxMs * 1000 }).map((us) => us / 1000);
}

const timeMs = upTo(END_MS);
const delayMs = fc.oneof(upTo(5), upTo(2000));
const error = fc.oneof(fc.constantFrom(-1, 1), upTo(1, -1));
const machine = fc.record({
  originMs: upTo(1e9),
  wallErrorMs: fc.integer({ min: -1e11, max: 1e11 }),
  rates: fc.array(fc.record({ fromMs: timeMs, error }), { maxLength: 4 }),
});
const sending: fc.Arbitrary<Sending> = fc.record({
  atMs: timeMs,
  from: fc.nat(NODES.length - 1),
  to: fc.nat(NODES.length - 1),
  delaysMs: fc.array(delayMs, { minLength: 1, maxLength: 2 }),
  bearsRecord: fc.constantFrom(true, true, false),
});
const world = fc.record({
  ppm: fc.constantFrom(0, 100, 1000, 50_000),
  machines: fc.array(machine, { minLength: NODES.length, maxLength: NODES.length }),
  sendings: fc.array(sending, { minLength: 40, maxLength: 120 }),
  writtenAtMs: upTo(2000),
  ttlMs: upTo(10_000, 1),
});

/** What a node's monotonic clock shows at a true time, in whole microseconds. */
function shownMs(originMs: number, rates: readonly Rate[], ppm: number, atMs: number): number {
  let sumMs = originMs;
  let fromMs = 0;
  let rate = 1;
  for (const change of rates.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const untilMs = Math.min(change.fromMs, atMs);
    if (untilMs > fromMs) sumMs += (untilMs - fromMs) * rate;
    fromMs = Math.max(fromMs, untilMs);
    if (change.fromMs <= atMs) rate = 1 + (change.error * ppm) / 1_000_000;
  }
  if (atMs > fromMs) sumMs += (atMs - fromMs) * rate;
  return Math.floor(sumMs * 1000) / 1000;
}

/** One record, and how much earlier than its time to live it may be gone from where it is. */
interface Copy {
  readonly record: CacheRecord;
  readonly sinceMs: number;
  readonly earlyMs: number;
}

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function wander({ ppm, machines, sendings, writtenAtMs, ttlMs }: World) {
  let trueMs = 0;
  const codec = createCodec({ frameBytesMax: 10_000 });
  const endMs = writtenAtMs + ttlMs;
  const drift = 1 - slowestRate(ppm) * slowestRate(ppm);
  const due: { readonly atMs: number; readonly run: () => void }[] = [];
  let refused = 0;

  const nodes = NODES.map((self, index) => {
    const { originMs, wallErrorMs, rates } = machines[index] as World["machines"][number];
    const clock = {
      now(): Instant {
        const monoMs = shownMs(originMs, rates, ppm, trueMs);
        return { monoMs: monoMs as Millis, wallMs: (monoMs + wallErrorMs) as Millis };
      },
    };
    let outgoing: Uint8Array = new Uint8Array(0);
    let receive: (from: string, frame: Uint8Array) => void = () => {};
    const transport: Transport = {
      self,
      peers: NODES.filter((other) => other !== self),
      send: (_to, frame) => (outgoing = frame),
      onFrame: (told) => (receive = told),
      onReset: () => {},
    };
    const link = createRelativeLink({ transport, codec, clock, incarnation: 1, clockDriftPpm: ppm });
    const node = {
      self,
      link,
      ttl: createRelativeTtlClock(clock, ppm),
      copy: null as Copy | null,
      /** What is known of each peer's clock: how old the best message from it is, and when it was handled. */
      heard: new Map<string, { readonly transitMs: number; readonly atMs: number }[]>(),
      frameTo(to: string, bearsRecord: boolean): Uint8Array {
        const { copy } = node;
        const head = { incarnation: 1, request: 1 };
        const frame =
          bearsRecord && copy !== null
            ? codec.encode({ type: "store", ...head, record: copy.record })
            : codec.encode({ type: "ping", ...head });
        link.transport.send(to, frame);
        return outgoing;
      },
      receive: (from: string, frame: Uint8Array) => receive(from, frame),
    };
    return node;
  });
  type Node = (typeof nodes)[number];

  /** How early a record gets by being stated in the clock of a peer. */
  function lossMs(sender: Node, to: string): number {
    const losses = (sender.heard.get(to) ?? []).map(
      ({ transitMs, atMs }) => transitMs + drift * Math.max(0, endMs - atMs) + 3 * TICK_MS,
    );
    return Math.min(...losses);
  }

  due.push({
    atMs: writtenAtMs,
    run() {
      const { ttl } = nodes[0] as Node;
      const expireAtMs = ttl.endMs({ startedMs: ttl.nowMs() }, ttlMs);
      const version = { counter: 1, node: "n1", incarnation: 1 };
      const record: CacheRecord = { key: "k", version, value: "v", expireAtMs, operation: 1 };
      (nodes[0] as Node).copy = {
        record,
        sinceMs: writtenAtMs,
        earlyMs: (1 - slowestRate(ppm)) * ttlMs + 3 * TICK_MS,
      };
    },
  });
  for (const { atMs, from, to, delaysMs, bearsRecord } of sendings) {
    if (from === to) continue;
    const sender = nodes[from] as Node;
    const receiver = nodes[to] as Node;
    due.push({
      atMs,
      run() {
        const frame = sender.frameTo(receiver.self, bearsRecord);
        const earlyMs = (sender.copy?.earlyMs ?? 0) + lossMs(sender, receiver.self);
        for (const delay of delaysMs) {
          due.push({
            atMs: atMs + delay,
            run: () => arrive(sender, receiver, frame, { transitMs: delay, earlyMs }),
          });
        }
      },
    });
  }

  function arrive(
    sender: Node,
    receiver: Node,
    frame: Uint8Array,
    { transitMs, earlyMs }: { readonly transitMs: number; readonly earlyMs: number },
  ): void {
    receiver.heard.set(sender.self, [
      ...(receiver.heard.get(sender.self) ?? []),
      { transitMs, atMs: trueMs },
    ]);
    receiver.link.transport.onFrame((_from, bytes) => {
      try {
        const message = receiver.link.codec.decode(bytes);
        if (message.type === "store") receiver.copy ??= { record: message.record, sinceMs: trueMs, earlyMs };
      } catch (thrown) {
        if (!(thrown instanceof WireError) || thrown.kind !== "clock") throw thrown;
        refused++;
        expect(earlyMs).toBe(Number.POSITIVE_INFINITY);
      }
    });
    receiver.receive(sender.self, frame);
  }

  return {
    nodes,
    endMs,
    goOn: () => {
      while (due.length > 0) {
        due.sort((a, b) => a.atMs - b.atMs);
        const next = due.shift() as (typeof due)[number];
        trueMs = Math.max(trueMs, next.atMs);
        next.run();
      }
    },
    at: (ms: number, look: () => void) => {
      trueMs = ms;
      look();
    },
    refused: () => refused,
  };
}

test.prop([world], { numRuns: 250 })(
  "a copy of a copy is never served after the time to live, by the true time, and not much less long",
  (setting) => {
    const { nodes, endMs, goOn, at } = wander(setting);
    goOn();
    for (const node of nodes) {
      if (node.copy === null) continue;
      const { record, earlyMs, sinceMs } = node.copy;
      const isServed = (): boolean => node.ttl.isServable(record, node.ttl.nowMs());
      for (const laterMs of [0, 0.001, 0.1, 10_000]) {
        at(Math.max(sinceMs, endMs) + laterMs, () => expect(isServed()).toBe(false));
      }
      expect(earlyMs).toBeLessThan(Number.POSITIVE_INFINITY);
      const justBeforeMs = endMs - earlyMs - TICK_MS;
      if (justBeforeMs < 0) continue;
      at(justBeforeMs, () => expect(isServed()).toBe(true));
    }
  },
);

test("much of what wanders arrives in time, and some of it is refused", () => {
  const tally = { inTime: 0, refused: 0 };
  for (const setting of fc.sample(world, { numRuns: 200, seed: 7 })) {
    const { nodes, endMs, goOn, refused } = wander(setting);
    goOn();
    for (const { self, copy } of nodes) {
      if (self !== "n1" && copy !== null && copy.sinceMs + copy.earlyMs < endMs) tally.inTime++;
    }
    tally.refused += refused();
  }
  expect(tally.inTime).toBeGreaterThan(200);
  expect(tally.refused).toBeGreaterThan(20);
});
