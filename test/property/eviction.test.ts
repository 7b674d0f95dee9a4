import { createAbsoluteTtlClock } from "../../src/ttl/ttl-clock.ts";
import { fc, test } from "@fast-check/vitest";
import { createAtom } from "@phyxius/atom";
import { createControlledClock } from "@phyxius/clock";
import { describe, expect } from "vitest";
import type { CacheRecord } from "../../src/index.ts";
import { RecencyMap } from "../../src/local/recency-map.ts";
import { firstConfiguration } from "../../src/membership/configuration.ts";
import { createInitialState } from "../../src/state.ts";
import { createStore } from "../../src/local/store.ts";
import { createCluster } from "../unit/src/cluster.ts";

const configuration = firstConfiguration([{ id: "n1", zone: null }]);

fc.configureGlobal({ seed: 20_251_122 });

const VALUES_MAX = 4;
const STUBS_MAX = 5;
const GRACE_MS = 1000;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("apply" as const), key: fc.nat(9), isDelete: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("get" as const), key: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("drop" as const), afterMs: fc.nat(700) }) },
);

function storeOf() {
  const clock = createControlledClock(0);
  const state = createAtom(
    createInitialState("n1", [], { incarnation: 1, mustCatchUp: false, replication: 1, configuration }),
    clock,
  );
  const store = createStore(state, createAbsoluteTtlClock(clock, 0), {
    recordsMax: VALUES_MAX,
    stubsMax: STUBS_MAX,
    graceMs: GRACE_MS,
    eviction: "lru",
  });
  return { clock, state, store };
}

describe("a store that evicts", () => {
  test.prop([fc.array(step, { maxLength: 60 })], { numRuns: 300 })(
    "keeps exactly the values used last, and the versions of the others",
    (steps) => {
      const { clock, state, store } = storeOf();
      /** Keys with a value, the one used longest ago first; and all that is held, as the model has it. */
      let used: string[] = [];
      const held = new Map<string, CacheRecord>();
      let counter = 0;
      let evictions = 0;
      for (const each of steps) {
        const { wallMs } = clock.now();
        if (each.act === "drop") {
          clock.advanceBy(each.afterMs);
          store.dropForgotten();
          for (const [key, record] of held) {
            if (record.expireAtMs + GRACE_MS > clock.now().wallMs) continue;
            held.delete(key);
            used = used.filter((other) => other !== key);
          }
        } else if (each.act === "get") {
          const key = `k${each.key}`;
          const record = store.get(key);
          const known = held.get(key);
          const isKnown = known !== undefined && known.expireAtMs + GRACE_MS > wallMs;
          expect(record).toEqual(isKnown ? known : undefined);
          if (isKnown && used.includes(key)) used = [...used.filter((other) => other !== key), key];
        } else {
          const key = `k${each.key}`;
          const record: CacheRecord = {
            key,
            version: { counter: ++counter, node: "n1", incarnation: 1 },
            value: each.isDelete ? null : `"${counter}"`,
            expireAtMs: wallMs + 500,
            operation: counter,
          };
          const isRoom = held.has(key) || held.size < VALUES_MAX + STUBS_MAX;
          expect(store.apply(record)).toBe(isRoom);
          if (!isRoom) continue;
          held.set(key, record);
          used = used.filter((other) => other !== key);
          if (record.value !== null) used.push(key);
          while (used.length > VALUES_MAX) {
            const evicted = used.shift() as string;
            held.set(evicted, { ...(held.get(evicted) as CacheRecord), value: null });
            evictions++;
          }
        }
        expect(new Map(state.deref().records)).toEqual(held);
        expect(store.isFull()).toBe(held.size >= VALUES_MAX + STUBS_MAX);
      }
      expect(state.deref().stats.evictions).toBe(evictions);
    },
  );

  test("takes over no more values than it may keep, in one change", () => {
    const { state, store } = storeOf();
    const records = Array.from({ length: 12 }, (_, index): CacheRecord => ({
      key: `k${index}`,
      version: { counter: 1, node: "n1", incarnation: 1 },
      value: "1",
      expireAtMs: 1000,
      operation: 1,
    }));
    expect(store.applyAll(records)).toBe(false);
    const kept = [...state.deref().records.values()];
    expect(kept).toHaveLength(VALUES_MAX + STUBS_MAX);
    expect(kept.filter(({ value }) => value !== null)).toHaveLength(VALUES_MAX);
  });
});

describe("a recency map", () => {
  test.prop([
    fc.array(fc.tuple(fc.constantFrom("set", "use", "peek", "delete"), fc.nat(6)), { maxLength: 80 }),
  ])("is a map in the order of use", (steps) => {
    const map = new RecencyMap<number>();
    let model: [key: string, value: number][] = [];
    for (const [value, [act, number]] of steps.entries()) {
      const key = `k${number}`;
      const known = model.find(([other]) => other === key);
      if (act === "peek") expect(map.peek(key)).toBe(known?.[1]);
      else {
        model = model.filter(([other]) => other !== key);
        if (act === "set") {
          map.set(key, value);
          model.push([key, value]);
        } else if (act === "delete") map.delete(key);
        else {
          expect(map.use(key)).toBe(known?.[1]);
          if (known !== undefined) model.push(known);
        }
      }
      expect(map.size).toBe(model.length);
      expect(map.oldest()).toBe(model[0]?.[0]);
    }
    while (model.length > 0) {
      const [[oldest]] = model.splice(0, 1) as [[string, number]];
      expect(map.oldest()).toBe(oldest);
      map.delete(oldest);
    }
    map.set("k", 1);
    map.clear();
    expect([map.size, map.oldest(), map.peek("k")]).toEqual([0, undefined, undefined]);
  });
});

const key = fc.constantFrom("a", "b");
/** One node is cut off; then some keys are read, and some written, each operation ended before the next begins. */
const round = fc.record({
  cutOff: fc.constantFrom("n1", "n2", "n3"),
  gets: fc.array(key, { maxLength: 2 }),
  sets: fc.array(key, { maxLength: 3 }),
});

describe("a cluster whose replicas evict", () => {
  test.prop([fc.array(round, { minLength: 3, maxLength: 8 })], { numRuns: 40 })(
    "may lose a value, and never gives an older one",
    async (rounds) => {
      const cluster = createCluster(3, { eviction: "lru", limits: { recordsMax: 1 }, latencyMs: 1 });
      const newest = new Map<string, number>();
      let written = 0;
      for (const { cutOff, gets, sets } of rounds) {
        const up = cluster.names.filter((name) => name !== cutOff);
        cluster.network.heal();
        cluster.network.cut([cutOff], up);
        const cache = cluster.node(up[0] as string);
        for (const each of gets) {
          const value = await cluster.await(cache.get(each));
          if (value !== undefined) expect(value).toBe(newest.get(each));
        }
        for (const each of sets) {
          await cluster.await(cache.set(each, ++written, 600_000));
          newest.set(each, written);
        }
      }
      await cluster.stop();
    },
  );
});
