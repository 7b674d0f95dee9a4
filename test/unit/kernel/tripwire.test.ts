import { execFile, spawnSync } from "node:child_process";
import { executionAsyncId } from "node:async_hooks";
import { Console } from "node:console";
import nodeCrypto, {
  createHash,
  getRandomValues,
  randomBytes,
  randomFillSync,
  randomInt,
  randomUUID,
  subtle,
} from "node:crypto";
import dns, { lookup } from "node:dns";
import fs, { existsSync, promises, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import net, { connect, isIP } from "node:net";
import os, { hostname } from "node:os";
import { performance as importedPerformance } from "node:perf_hooks";
import { hrtime, nextTick } from "node:process";
import { Readable, Writable } from "node:stream";
import timers, { setTimeout as importedTimeout } from "node:timers";
import timersPromises, { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { gzip, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { holdGuards } from "../../../sim/kernel/guards.ts";
import { createTripwire, type Leak, NondeterminismError } from "../../../sim/kernel/tripwire.ts";
import { run, type RunOptions } from "../../../sim/run/run.ts";
import type { System } from "../../../sim/run/system.ts";
import { toyPlan } from "../../support/toy-plan.ts";
import { toySystem } from "../../support/toy-system.ts";

const DATE = new Date(0);
const WEAK = new WeakRef(DATE);
const EVENT = new Event("made before");

/** Every way to the real world, by the name under which it is reported. */
const touches: Readonly<Record<string, () => unknown>> = {
  "Date.now": () => Date.now(),
  "new Date": () => new Date(),
  "Date.parse": () => Date.parse("2020-01-01T10:00"),
  Date: () => Date(),
  "Date#getHours": () => DATE.getHours(),
  "Date#toLocaleString": () => DATE.toLocaleString(),
  "Date#toString": () => String(DATE),
  "Math.random": () => Math.random(),
  "performance.now": () => performance.now(),
  "performance.mark": () => performance.mark("here"),
  "performance.timeOrigin": () => performance.timeOrigin,
  "process.hrtime": () => process.hrtime(),
  "process.hrtime.bigint": () => process.hrtime.bigint(),
  "process.uptime": () => process.uptime(),
  "process.cpuUsage": () => process.cpuUsage(),
  "process.memoryUsage": () => process.memoryUsage(),
  "process.memoryUsage.rss": () => process.memoryUsage.rss(),
  "process.nextTick": () => process.nextTick(() => {}),
  "process.pid": () => process.pid,
  "Event#timeStamp": () => EVENT.timeStamp,
  setTimeout: () => setTimeout(() => {}, 0),
  setInterval: () => setInterval(() => {}, 1),
  setImmediate: () => setImmediate(() => {}),
  clearTimeout: () => clearTimeout(undefined),
  "AbortSignal.timeout": () => AbortSignal.timeout(5),
  "Atomics.wait": () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1),
  "Atomics.waitAsync": () => (Atomics as unknown as { waitAsync: () => void }).waitAsync(),
  "crypto.randomUUID": () => crypto.randomUUID(),
  "crypto.getRandomValues": () => crypto.getRandomValues(new Uint8Array(4)),
  "crypto.subtle.digest": () => crypto.subtle.digest("SHA-256", new Uint8Array(4)),
  fetch: () => fetch("http://localhost:1"),
  "new Request": () => new Request("http://localhost:1"),
  "new MessageChannel": () => new MessageChannel(),
  "new BroadcastChannel": () => new BroadcastChannel("x"),
  "new WeakRef": () => new WeakRef({}),
  "WeakRef#deref": () => WEAK.deref(),
  "new FinalizationRegistry": () => new FinalizationRegistry(() => {}),
  "Intl.NumberFormat": () => new Intl.NumberFormat(),
  "String#localeCompare": () => "a".localeCompare("b"),
  "Number#toLocaleString": () => (1000).toLocaleString(),
  "WebAssembly.compile": () =>
    (globalThis as unknown as { WebAssembly: { compile: () => void } }).WebAssembly.compile(),
};

/** The same by name from the modules that come with Node: such an import cannot be replaced, its value can. */
const imported: Readonly<Record<string, () => unknown>> = {
  "performance.now": () => importedPerformance.now(),
  "process.nextTick": () => nextTick(() => {}),
  "process.hrtime": () => hrtime(),
  "crypto.randomBytes": () => randomBytes(4),
  "crypto.randomUUID": () => randomUUID(),
  "crypto.randomInt": () => randomInt(4),
  "crypto.randomFillSync": () => randomFillSync(new Uint8Array(4)),
  "crypto.getRandomValues": () => getRandomValues(new Uint8Array(4)),
  "crypto.subtle.generateKey": () => subtle.generateKey("Ed25519", true, ["sign"]),
  "timers.setTimeout": () => importedTimeout(() => {}, 0),
  "timers/promises.setTimeout": () => sleep(0),
  "fs.readFileSync": () => readFileSync("package.json"),
  "fs.existsSync": () => existsSync("package.json"),
  "fs/promises.readFile": () => readFile("package.json"),
  "fs/promises.stat": () => promises.stat("package.json"),
  "dns.lookup": () => lookup("localhost", () => {}),
  "http.request": () => request("http://localhost:1"),
  "net.connect": () => connect(1),
  "child_process.execFile": () => execFile("true"),
  "child_process.spawnSync": () => spawnSync("true"),
  "new worker_threads.Worker": () => new Worker("true"),
  "os.hostname": () => hostname(),
  "zlib.gzip": () => gzip("x", () => {}),
  "v8.getHeapStatistics": () => getHeapStatistics(),
  "async_hooks.executionAsyncId": () => executionAsyncId(),
};

/** Runs code as a machine of a run would, and returns what it threw. */
function errorOf(code: () => unknown): { readonly error: unknown; readonly leaks: readonly Leak[] } {
  const tripwire = createTripwire(() => "n2");
  tripwire.engage();
  try {
    code();
    return { error: null, leaks: tripwire.leaks };
  } catch (error) {
    return { error, leaks: tripwire.leaks };
  } finally {
    tripwire.release();
  }
}

describe.each([
  { how: "as it is", ways: touches },
  { how: "imported by name", ways: imported },
])("the tripwire catches, $how,", ({ ways }) => {
  test.each(Object.keys(ways))("%s, and names its place", (name) => {
    const { error, leaks } = errorOf(ways[name] as () => unknown);
    expect(error).toBeInstanceOf(NondeterminismError);
    const place = expect.stringMatching(/tripwire\.test\.ts:\d+:\d+$/);
    expect(leaks).toEqual([{ what: name, where: place, machine: "n2" }]);
  });
});

describe("the tripwire", () => {
  test("catches what a module that Node itself loaded has imported by name", async () => {
    const module = "import { randomBytes } from 'node:crypto'; export const touch = () => randomBytes(4);";
    const { touch } = (await import(`data:text/javascript,${module}`)) as { touch: () => unknown };
    expect(errorOf(touch).leaks).toMatchObject([{ what: "crypto.randomBytes" }]);
    expect(touch()).toHaveLength(4);
  });

  test("names whoever made Node's own code use something", () => {
    const { leaks } = errorOf(() => new Readable({ read() {} }).destroy());
    expect(leaks).toEqual([
      {
        what: "process.nextTick",
        where: expect.stringMatching(/tripwire\.test\.ts:\d+:\d+$/),
        machine: "n2",
      },
    ]);
  });

  test("lets everything alone that is the same in every run", () => {
    const { error, leaks } = errorOf(() => {
      structuredClone({ a: 1 });
      DATE.getTime();
      DATE.toISOString();
      expect(DATE instanceof Date).toBe(true);
      isIP("127.0.0.1");
      gzipSync("x");
      createHash("sha256").update("x").digest();
      new URL("http://a/b").searchParams.get("c");
      new AbortController().abort();
      queueMicrotask(() => {});
      expect(process.env["PATH"]).toBeTypeOf("string");
      for (const type of [typeof setTimeout, typeof fetch, typeof readFileSync])
        expect(type).toBe("function");
    });
    expect(error).toBeNull();
    expect(leaks).toEqual([]);
  });

  test("lets people debug: printing and looking at stacks is no leak", () => {
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const { error, leaks } = errorOf(() => {
      new Console(silent).log("at %s", new Error("here").stack);
      console.debug("");
    });
    expect(error).toBeNull();
    expect(leaks).toEqual([]);
  });

  test("keeps the leaks that were swallowed, but not without bound", () => {
    const { error, leaks } = errorOf(() => {
      for (let i = 0; i < 1000; i++) {
        try {
          Math.random();
        } catch {
          // As a system may do.
        }
      }
    });
    expect(error).toBeNull();
    expect(leaks).toHaveLength(20);
  });

  test("lets everything work while it is held and not engaged", async () => {
    const letGo = holdGuards();
    try {
      expect(new Date(7).getTime()).toBe(7);
      expect(Date.now()).toBeGreaterThan(1e12);
      class Late extends Date {}
      expect(new Late(7)).toBeInstanceOf(Late);
      expect(performance.now()).toBeGreaterThan(0);
      expect(process.pid).toBeGreaterThan(0);
      expect(process.hrtime.bigint()).toBeGreaterThan(0n);
      expect(randomUUID()).toHaveLength(36);
      expect(crypto.randomUUID()).toHaveLength(36);
      expect("a".localeCompare("b")).toBe(-1);
      expect(new Intl.NumberFormat("en-US").format(1000)).toBe("1,000");
      expect(readFileSync("package.json", "utf8")).toContain("cache-sim");
      expect(await readFile("package.json", "utf8")).toContain("cache-sim");
      await promisify(setTimeout)(1);
      await sleep(1);
    } finally {
      letGo();
    }
  });

  test("puts back what others had put there, and leaves what they put there meanwhile", () => {
    const { random } = Math;
    const { now } = Date;
    const stub = () => 4;
    try {
      Math.random = stub;
      const tripwire = createTripwire(() => null);
      tripwire.engage();
      tripwire.engage();
      tripwire.release();
      tripwire.release();
      expect(Math.random).toBe(stub);
      const letGo = holdGuards();
      Math.random = random;
      letGo();
      expect(Math.random).toBe(random);
      expect(Date.now).toBe(now);
    } finally {
      Math.random = random;
    }
  });
});

/** Everything that is ever guarded, as it is now. */
function realWorld(): Map<string, unknown> {
  const owners = { globalThis, Math, process, Atomics, AbortSignal, crypto: Object.getPrototypeOf(crypto) };
  const prototypes = {
    Date: Date.prototype,
    String: String.prototype,
    performance: Object.getPrototypeOf(performance),
  };
  const modules = { fs, crypto: nodeCrypto, timers, sleep: timersPromises, os, net, dns };
  const found = new Map<string, unknown>();
  for (const [name, owner] of Object.entries<object>({ ...owners, ...prototypes, ...modules })) {
    for (const property of Object.getOwnPropertyNames(owner)) {
      const { value, ...accessors } = Object.getOwnPropertyDescriptor(owner, property) ?? {};
      found.set(`${name} ${property}`, value ?? Reflect.get(accessors, "get"));
    }
  }
  // What importing by name gives.
  for (const [name, value] of Object.entries({ randomBytes, sleep, readFileSync, hostname, nextTick })) {
    found.set(`import ${name}`, value);
  }
  return found;
}

const answer = { result: "ok", value: null, error: null } as const;

/** The toy system, but what a node does with a request is up to the test. */
function systemThat(act: () => unknown): System {
  return {
    ...toySystem,
    boot: (env, plan) => ({
      ...toySystem.boot(env, plan),
      async perform() {
        act();
        return answer;
      },
    }),
  };
}

interface Ending {
  readonly options: Partial<RunOptions>;
  /** The name of the error that the run ends with. */
  readonly error: string | null;
}

const endings: Readonly<Record<string, Ending>> = {
  ends: { options: {}, error: null },
  "throws in the system's code": {
    options: { system: systemThat(() => JSON.parse("{")) },
    error: null,
  },
  "throws in the harness": {
    options: {
      system: {
        ...toySystem,
        boot: (env, plan) => ({ ...toySystem.boot(env, plan), replicas: () => JSON.parse("{") }),
      },
    },
    error: "SyntaxError",
  },
  "cannot end": { options: { eventsMax: 50 }, error: "RunawayError" },
  leaks: { options: { system: systemThat(() => Math.random()) }, error: "NondeterminismError" },
  "leaks and hides it": {
    options: {
      system: systemThat(() => {
        try {
          Date.now();
        } catch {
          // Nobody is to know.
        }
      }),
    },
    error: "NondeterminismError",
  },
  "leaves a rejection behind": {
    options: { system: systemThat(() => void Promise.reject(new Error("forgotten"))) },
    error: null,
  },
  "is stopped": { options: { isAborted: () => true }, error: "AbortedError" },
};

describe("nothing stays replaced after a run that", () => {
  // Long enough to yield to the event loop, where a run can be stopped.
  const plan = toyPlan({ phases: { healMs: 600, settleMs: 800, endMs: 300_000 } });
  const base: RunOptions = { system: toySystem, invariants: [] };
  // Node loads some of its own things when they are first used.
  beforeAll(() => run(toyPlan(), base));

  test.each(Object.keys(endings))("%s", async (name) => {
    const { options, error } = endings[name] as Ending;
    const before = realWorld();
    const ended = await run(plan, { ...base, ...options }).catch((caught: unknown) => caught);
    const after = realWorld();
    expect(ended instanceof Error ? ended.name : null).toBe(error);
    expect(before.size).toBeGreaterThan(500);
    for (const [what, value] of before) expect([what, after.get(what)]).toEqual([what, value]);
    expect(after.size).toBe(before.size);
  });
});
