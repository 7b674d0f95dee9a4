import { type Clock, type ControlledClock, createControlledClock, type Millis } from "@phyxius/clock";
import { type Cache, createCache, type CacheOptions } from "../../../src/index.ts";
import { createInMemoryNetwork, type InMemoryNetwork } from "../../../src/transport/in-memory-transport.ts";

export interface Cluster {
  readonly clock: ControlledClock;
  readonly network: InMemoryNetwork;
  readonly names: readonly string[];
  readonly node: (name: string) => Cache;
  /** The node is gone, with its memory. */
  crash(name: string): void;
  /** It is back: the next life, empty. */
  restart(name: string): Cache;
  /** Lets time pass in steps of 10 ms, and everything that happens meanwhile happen. */
  pass(durationMs: number): Promise<void>;
  /** Waits for the promise while time passes; at most a minute. */
  await<T>(promise: Promise<T>): Promise<T>;
  /** Stops every node that is up. */
  readonly stop: () => Promise<void>;
}

const STEP_MS = 10;

export function createCluster(
  count: number,
  options: Omit<Partial<CacheOptions>, "transport" | "clock"> & {
    readonly latencyMs?: number;
    /** How far ahead of the cluster's clock the wall clock of a node is. */
    readonly wallErrorsMs?: Readonly<Record<string, number>>;
    /** What the monotonic clock of a node shows more than the cluster's clock. */
    readonly monoLeadsMs?: Readonly<Record<string, number>>;
  } = {},
): Cluster {
  const { latencyMs = 0, wallErrorsMs = {}, monoLeadsMs = {}, ...cacheOptions } = options;
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
  const clock = createControlledClock({ initialTime: 1_000_000 });
  const network = createInMemoryNetwork({ nodes: names, clock, latencyMs });
  const caches = new Map<string, Cache>();
  const lives = new Map<string, number>();

  function boot(name: string): Cache {
    const incarnation = (lives.get(name) ?? 0) + 1;
    lives.set(name, incarnation);
    const cache = createCache({
      ...cacheOptions,
      transport: network.join(name),
      clock: wrongBy(clock, wallErrorsMs[name] ?? 0, monoLeadsMs[name] ?? 0),
      incarnation,
      start: incarnation === 1 ? "new" : "rejoin",
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

  for (const name of names) boot(name);
  return {
    clock,
    network,
    names,
    node(name) {
      const cache = caches.get(name);
      if (cache === undefined) throw new Error(`${name} is down`);
      return cache;
    },
    crash(name) {
      network.leave(name);
      // A real crash would take its timers along; here its life goes on, unheard.
      void caches.get(name)?.stop();
      caches.delete(name);
    },
    restart: boot,
    pass,
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

/** The same clock with another wall, or with a monotonic track that began earlier. */
function wrongBy(clock: Clock, errorMs: number, leadMs: number): Clock {
  if (errorMs === 0 && leadMs === 0) return clock;
  return {
    now() {
      const { wallMs, monoMs } = clock.now();
      return { wallMs: (wallMs + errorMs) as Millis, monoMs: (monoMs + leadMs) as Millis };
    },
    sleep: (duration) => clock.sleep(duration),
    timeout: (duration) => clock.timeout(duration),
    deadline: ({ wallMs }) => clock.deadline({ wallMs: wallMs - errorMs }),
    interval: (period, callback) => clock.interval(period, callback),
  };
}
