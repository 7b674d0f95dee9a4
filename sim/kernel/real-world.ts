/**
 * What code in a Node process can reach without importing the harness, and that makes a run depend on more than
 * its plan: real time, randomness, input and output, the collector of garbage, the locale of the machine.
 *
 * Some things are left alone on purpose. `queueMicrotask` and `structuredClone` are deterministic. The folder,
 * arguments and environment of the process are its configuration: libraries read `process.env.NODE_ENV` at any
 * moment. Its pid is not: it is there to be different each time.
 */
export interface Forbidden {
  /** How the owner is called, in front of a property's name. */
  readonly prefix: string;
  /** Null where this version of Node has none. */
  readonly owner: object | null;
  /** Not every version has all of them. */
  readonly properties: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const TIMERS = words("setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate");

/** Functions, classes and objects that may be looked at, but not be used. */
export const FORBIDDEN_TO_USE: readonly Forbidden[] = [
  {
    prefix: "",
    owner: globalThis,
    properties: [
      ...TIMERS,
      ...words(`
        Date Intl WeakRef FinalizationRegistry fetch Request Response WebSocket EventSource Blob File
        MessageChannel BroadcastChannel CompressionStream DecompressionStream localStorage sessionStorage navigator
      `),
    ],
  },
  { prefix: "Math.", owner: Math, properties: ["random"] },
  { prefix: "Atomics.", owner: Atomics, properties: ["wait", "waitAsync"] },
  { prefix: "AbortSignal.", owner: AbortSignal, properties: ["timeout"] },
  {
    prefix: "WebAssembly.",
    owner: reached("WebAssembly"),
    properties: words("compile instantiate compileStreaming instantiateStreaming"),
  },
  { prefix: "Temporal.", owner: reached("Temporal"), properties: ["Now"] },
  {
    prefix: "process.",
    owner: process,
    properties: words(`
      hrtime nextTick uptime cpuUsage threadCpuUsage resourceUsage memoryUsage availableMemory constrainedMemory
      getActiveResourcesInfo
    `),
  },
  {
    prefix: "performance.",
    owner: globalThis.performance,
    properties: words("now mark measure toJSON timerify eventLoopUtilization nodeTiming"),
  },
  { prefix: "crypto.", owner: globalThis.crypto, properties: ["getRandomValues", "randomUUID"] },
  {
    prefix: "crypto.subtle.",
    owner: globalThis.crypto.subtle,
    // Even those that compute the same each time do it in another thread, and are done when they are done.
    properties: words(`
      decrypt deriveBits deriveKey digest encrypt exportKey generateKey importKey sign unwrapKey verify wrapKey
    `),
  },
  // What an object shows that was made before the run.
  { prefix: "WeakRef#", owner: reached("WeakRef", "prototype"), properties: ["deref"] },
  {
    prefix: "Date#",
    owner: reached("Date", "prototype"),
    properties: words(`
      toString toDateString toTimeString toLocaleString toLocaleDateString toLocaleTimeString getTimezoneOffset
      getFullYear getMonth getDate getDay getHours getMinutes
    `),
  },
  {
    prefix: "String#",
    owner: String.prototype,
    properties: words("localeCompare toLocaleLowerCase toLocaleUpperCase"),
  },
  { prefix: "Number#", owner: Number.prototype, properties: ["toLocaleString"] },
  { prefix: "BigInt#", owner: BigInt.prototype, properties: ["toLocaleString"] },
];

/** Values that may not even be looked at. */
export const FORBIDDEN_TO_READ: readonly Forbidden[] = [
  { prefix: "process.", owner: process, properties: ["pid", "ppid"] },
  { prefix: "performance.", owner: globalThis.performance, properties: ["timeOrigin"] },
  { prefix: "Event#", owner: Event.prototype, properties: ["timeStamp"] },
];

/** Modules that come with Node, and which of their functions and classes are forbidden: all, or those that match. */
export const FORBIDDEN_MODULES: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    words(`
      fs fs/promises dns dns/promises http https http2 tls dgram os child_process cluster sqlite
      readline readline/promises timers/promises
    `).map((module) => [module, /^/]),
  ),
  net: /^(?!isIP|BlockList$|SocketAddress$)/,
  // What is not Sync works in other threads, and is done when it is done.
  zlib: /^(?!.*Sync$|crc32$)/,
  timers: new RegExp(`^(${TIMERS.join("|")})$`),
  worker_threads: /^(Worker|MessageChannel|BroadcastChannel|receiveMessageOnPort|postMessageToThread)$/,
  perf_hooks: /^(monitorEventLoopDelay|timerify|eventLoopUtilization)$/,
  // These count over the whole process.
  async_hooks: /^(executionAsyncId|triggerAsyncId|executionAsyncResource|createHook)$/,
  v8: /^(getHeap|getCppHeap|writeHeap|queryObjects)/,
  crypto:
    /^(random|pseudoRandom|prng$|rng$|getRandom|generate|checkPrime$|createDiffie|createECDH$|createSign$|sign$|publicEncrypt$|encapsulate$|pbkdf2$|scrypt$|hkdf$|argon2$)/,
};

/** What a path of names leads to from the global object. */
function reached(...path: readonly string[]): object | null {
  let at: object | undefined = globalThis;
  for (const name of path) at = (at as Readonly<Record<string, object>> | undefined)?.[name];
  return at ?? null;
}
