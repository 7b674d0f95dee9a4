/**
 * Runs something where real time and randomness are forbidden, as in a simulated run: what is touched throws.
 */
const FORBIDDEN: readonly [owner: object, property: string][] = [
  [globalThis, "Date"],
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
  [globalThis, "setImmediate"],
  [globalThis, "fetch"],
  [globalThis.performance, "now"],
  [globalThis.crypto, "randomUUID"],
  [globalThis.crypto, "getRandomValues"],
  [Math, "random"],
  [process, "nextTick"],
  [process, "hrtime"],
  [process, "uptime"],
];

export async function withoutRealWorld<T>(run: () => T | Promise<T>): Promise<T> {
  const saved = FORBIDDEN.map(([owner, property]) => Object.getOwnPropertyDescriptor(owner, property));
  for (const [owner, property] of FORBIDDEN) {
    const forbidden = () => {
      throw new Error(`${property} is forbidden here`);
    };
    Object.defineProperty(owner, property, { value: forbidden, configurable: true, writable: true });
  }
  try {
    return await run();
  } finally {
    FORBIDDEN.forEach(([owner, property], index) => {
      const before = saved[index];
      if (before === undefined) Reflect.deleteProperty(owner, property);
      else Object.defineProperty(owner, property, before);
    });
  }
}
