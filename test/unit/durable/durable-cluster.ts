import { type ControlledClock, createControlledClock } from "@phyxius/clock";
import { type Cache, type CacheOptions, openCache } from "../../../src/index.ts";
import { createInMemoryNetwork, type InMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";
import { ModelDisk } from "../../support/model-disk.ts";

/** Nodes that keep journals, each on a disk of its own, which is prompt unless a test says otherwise. */
export interface DurableCluster {
  readonly clock: ControlledClock;
  readonly network: InMemoryNetwork;
  readonly names: readonly string[];
  node(name: string): Cache;
  disk(name: string): ModelDisk;
  /** The machine stops, and its disk keeps what a crash leaves when it takes this share of what was not synced. */
  crash(name: string, lostShare?: number): void;
  /** The machine gets another disk. */
  replaceDisk(name: string, disk: ModelDisk): void;
  open(name: string, options?: Partial<CacheOptions>): Promise<Cache>;
  openAll(): Promise<void>;
  /** Lets time pass in steps of 10 ms, and everything that happens meanwhile happen. */
  pass(durationMs: number): Promise<void>;
  /** Waits for the promise while time passes; at most a minute. */
  await<T>(promise: Promise<T>): Promise<T>;
  readonly stop: () => Promise<void>;
}

const STEP_MS = 10;

export function createDurableCluster(
  count: number,
  options: Partial<CacheOptions> & { readonly latencyMs?: number } = {},
): DurableCluster {
  const { latencyMs = 0, ...cacheOptions } = options;
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  const clock = createControlledClock({ initialTime: 1_000_000 });
  const network = createInMemoryNetwork({ nodes: names, clock, latencyMs });
  const caches = new Map<string, Cache>();
  const disks = new Map(names.map((name) => [name, new ModelDisk()]));

  function disk(name: string): ModelDisk {
    return disks.get(name) as ModelDisk;
  }

  async function open(name: string, more: Partial<CacheOptions> = {}): Promise<Cache> {
    const cache = await openCache({
      ...cacheOptions,
      ...more,
      transport: network.join(name),
      clock,
      durability: "journal",
      disk: disk(name),
    });
    caches.set(name, cache);
    return cache;
  }

  async function pass(durationMs: number): Promise<void> {
    for (let left = durationMs; left > 0; left -= STEP_MS) {
      clock.advanceBy(Math.min(STEP_MS, left));
      await clock.flush();
    }
  }

  return {
    clock,
    network,
    names,
    disk,
    open,
    pass,
    node(name) {
      const cache = caches.get(name);
      if (cache === undefined) throw new Error(`${name} is down`);
      return cache;
    },
    crash(name, lostShare = 1) {
      network.leave(name);
      const after = disk(name).afterCrash(lostShare);
      disks.set(name, after);
      // A real crash would take its timers along; here its life goes on, unheard, on a disk that nobody reads.
      void caches.get(name)?.stop();
      caches.delete(name);
    },
    replaceDisk: (name, fresh) => disks.set(name, fresh),
    async openAll() {
      for (const name of names) await open(name);
    },
    async await<T>(promise: Promise<T>): Promise<T> {
      const settled = promise.then(
        () => true,
        () => true,
      );
      await clock.flush();
      for (let waitedMs = 0; waitedMs < 60_000; waitedMs += STEP_MS) {
        if (await Promise.race([settled, pass(STEP_MS).then(() => false)])) return promise;
      }
      throw new Error("not settled after a minute");
    },
    async stop() {
      await Promise.all([...caches.values()].map((cache) => cache.stop()));
    },
  };
}
