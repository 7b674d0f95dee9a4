import { createAbsoluteTtlClock } from "../../src/ttl/ttl-clock.ts";
import { createAtom } from "@phyxius/atom";
import { createSystemClock, ms } from "@phyxius/clock";
import { type Cache, type CacheRecord, createCache, createInMemoryNetwork } from "../../src/index.ts";
import { firstConfiguration } from "../../src/membership/configuration.ts";
import { createInitialState } from "../../src/state.ts";
import { createStore } from "../../src/local/store.ts";
import { cpuMs, figures, row } from "./measure.ts";

const configuration = firstConfiguration([{ id: "n1", zone: null }]);

type Print = (line?: string) => void;

const ROUNDS = 7;
const clock = createSystemClock();

function recordOf(key: number, counter: number): CacheRecord {
  const version = { counter, node: "n1", incarnation: 1 };
  return { key: `key:${key}`, version, value: '"value"', expireAtMs: 1e15, operation: counter };
}

/** A full store that evicts for each new key. Nanoseconds for each. */
function evictingStore(recordsMax: number): () => Promise<number> {
  const state = createAtom(
    createInitialState("n1", [], { incarnation: 1, mustCatchUp: false, replication: 1, configuration }),
    clock,
  );
  const options = { recordsMax, stubsMax: recordsMax, graceMs: 1000, eviction: "lru" } as const;
  const store = createStore(state, createAbsoluteTtlClock(clock, 0), options);
  const keys = 2 * recordsMax;
  let counter = 0;
  const sets = (count: number) => {
    // Through all keys in turn, so that the next one never has its value any more.
    for (let each = 0; each < count; each++) store.apply(recordOf(counter % keys, ++counter));
  };
  sets(keys);
  return async () => ((await cpuMs(() => sets(20_000))) * 1e6) / 20_000;
}

/** The least that a local cache can do: a `Map` in the order of use, and times that are checked. */
class BareLru {
  private readonly entries = new Map<string, { readonly value: unknown; readonly endMs: number }>();

  set(key: string, value: unknown, endMs: number): void {
    this.entries.set(key, { value, endMs });
  }

  get(key: string): unknown {
    const entry = this.entries.get(key);
    if (entry === undefined || clock.now().monoMs >= entry.endMs) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }
}

const KEYS = Array.from({ length: 1000 }, (_, index) => `key:${index}`);

/** Reads of 1000 keys in turn; millions a second. */
async function reads(get: (key: string) => unknown): Promise<number> {
  const count = 300_000;
  let found = 0;
  const spentMs = await cpuMs(() => {
    for (let each = 0; each < count; each++) if (get(KEYS[each % 1000] as string) !== undefined) found++;
  });
  if (found !== count) throw new Error(`${count - found} of ${count} reads found nothing`);
  return count / spentMs / 1000;
}

async function nearReader(): Promise<{ readonly near: Cache; readonly all: readonly Cache[] }> {
  const nodes = ["n1", "n2", "n3", "n4"];
  const network = createInMemoryNetwork({ nodes });
  const nearCopies = { staleMsMax: 600_000 };
  const all = nodes.map((node) => createCache({ transport: network.join(node), clock, nearCopies }));
  const near = all[3] as Cache;
  await all[0]?.setMany(KEYS.map((key) => [key, "value"]));
  await near.getMany(KEYS);
  // Its owners agree: a few turns of the promise queue.
  await clock.sleep(ms(50));
  return { near, all };
}

/** Sets and gets of one node alone: what an operation costs with all that goes with it. Thousands a second. */
async function operations(cache: Cache, kind: "get" | "set"): Promise<number> {
  const count = 20_000;
  const spentMs = await cpuMs(async () => {
    for (let each = 0; each < count; each++) {
      const key = KEYS[each % 1000] as string;
      await (kind === "set" ? cache.set(key, "value") : cache.get(key));
    }
  });
  return count / spentMs;
}

/** What the cache costs its callers. */
export async function cacheFigures(print: Print): Promise<void> {
  print();
  print("The cache");
  const small = evictingStore(1000);
  const large = evictingStore(100_000);
  const costs: [number, number][] = [];
  for (let round = 0; round <= ROUNDS; round++) costs.push([await small(), await large()]);
  const warm = costs.slice(1);
  print(row("  a set that evicts, 1,000 values", figures(warm.map(([one]) => one)), "ns"));
  print(row("  a set that evicts, 100,000 values", figures(warm.map(([, one]) => one)), "ns"));
  print(row("    of 1,000 values", figures(warm.map(([one, other]) => other / one)), "", 2));

  const bare = new BareLru();
  for (const key of KEYS) bare.set(key, "value", 1e15);
  const { near, all } = await nearReader();
  const rates: [number, number][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    rates.push([await reads((key) => bare.get(key)), await reads((key) => near.peek(key))]);
  }
  rates.shift();
  print(row("  a bare LRU with times (Map), reads", figures(rates.map(([one]) => one)), "million/CPU s", 2));
  print(row("  near copies, reads (peek)", figures(rates.map(([, one]) => one)), "million/CPU s", 2));
  print(row("    of the bare LRU", figures(rates.map(([one, other]) => other / one)), "", 2));
  await Promise.all(all.map((cache) => cache.stop()));

  const network = createInMemoryNetwork({ nodes: ["only"] });
  const only = createCache({ transport: network.join("only"), clock });
  for (const kind of ["set", "get"] as const) {
    const done: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) done.push(await operations(only, kind));
    print(row(`  ${kind} of one node alone`, figures(done.slice(1)), "thousand/CPU s", 1));
  }
  await only.stop();
}
