import type { System } from "../../sim/run/system.ts";
import type { MachineEnv } from "../../sim/world/machine.ts";
import { toySystem } from "./toy-system.ts";

/**
 * The toy system with a leak that no tripwire sees, planted in one place: the message by which n2 asks for what
 * client c2 wants in its seventh operation.
 */
export const PLANTED = { operation: "c2#7", machine: "n2", value: "c2:7" } as const;

/** Taken before any harness is there. */
const { random } = Math;
const realNanos = process.hrtime.bigint.bind(process.hrtime);

/** What chance gives, but never the same twice in a row, so that tests need no luck. */
function changing<T>(draw: () => T): () => T {
  let last = "";
  return () => {
    for (;;) {
      const value = draw();
      const text = JSON.stringify(value);
      if (text === last) continue;
      last = text;
      return value;
    }
  };
}

/** These survive from run to run. */
let counter = 0;
const recentlyUsed = new Set(["red", "green", "blue"]);

export interface Leak {
  readonly what: string;
  /** Something that gets into the message. */
  readonly payload?: () => unknown;
  /** Something that makes it later. */
  readonly delayMs?: () => number;
}

export const leaks: readonly Leak[] = [
  {
    what: "the order of an object's keys, which are real timestamps",
    payload: changing(() => {
      const start = Number(realNanos() % 1_000_003n);
      const sessions: Record<number, string> = {};
      for (let n = 1; n <= 8; n++) sessions[(start * n) % 997] = `session ${n}`;
      return Object.values(sessions);
    }),
  },
  { what: "a counter that survives the run, in a payload", payload: () => counter++ },
  { what: "a counter that survives the run, in a delay", delayMs: () => 1 + (counter++ % 50) },
  { what: "Math.random taken at import, in a payload", payload: () => random() },
  { what: "Math.random taken at import, in a delay", delayMs: changing(() => Math.floor(50 * random())) },
  {
    what: "the order of a set that survives the run",
    payload() {
      const [oldest] = recentlyUsed as Iterable<string> as [string];
      recentlyUsed.delete(oldest);
      recentlyUsed.add(oldest);
      return [...recentlyUsed];
    },
  },
  { what: "something that is different the first time only", payload: () => counter++ === 0 },
];

export function leakySystem({ payload, delayMs }: Leak): System {
  counter = 0;
  return {
    ...toySystem,
    boot: (env, plan) => toySystem.boot({ ...env, network: leakyNetwork(env) }, plan),
  };

  function leakyNetwork({ id, network, clock }: MachineEnv): MachineEnv["network"] {
    return {
      ...network,
      send(to, frame) {
        const message = JSON.parse(new TextDecoder().decode(frame)) as { readonly value?: string };
        if (id !== PLANTED.machine || message.value !== PLANTED.value) {
          network.send(to, frame);
          return;
        }
        const leaked = payload === undefined ? message : { ...message, leaked: payload() };
        const send = () => network.send(to, new TextEncoder().encode(JSON.stringify(leaked)));
        if (delayMs === undefined) send();
        else void clock.sleep(delayMs() as never).then(send);
      },
    };
  }
}
