import { mixInt, mixString } from "../kernel/mix.ts";
import type { MachineEnv } from "../world/machine.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Sees what machines give away, to the last byte: the frames that they send and what they write in their journals.
 * The digest of a run knows only what ran when and where; two runs that send different bytes at the same times
 * have the same.
 */
export interface Witness {
  /** The same environment, but seen. */
  watch(env: MachineEnv): MachineEnv;
  /** Fingerprints of a run, equal for equal runs. */
  testify(outcome: Outcome): Testimony;
}

export interface Testimony {
  /** What ran when and where. */
  readonly digest: string;
  /** What was sent and journalled. */
  readonly seen: number;
  /** What clients got, what was left in the end, and what was found wrong with it. */
  readonly results: number;
}

export function createWitness(): Witness {
  let seen = 0;
  return {
    watch(env) {
      const place = mixString(env.incarnation, env.id);
      const network: MachineEnv["network"] = {
        ...env.network,
        send(to, frame) {
          seen = mixInt(mixInt(seen, place), hashOf(frame));
          env.network.send(to, frame);
        },
      };
      const journal: MachineEnv["journal"] = (note) => {
        seen = mixString(mixInt(seen, place), textOf(note));
        env.journal(note);
      };
      // Property by property, so that what is made when it is first asked for is not made for being copied.
      const { getOwnPropertyDescriptors } = Object;
      const own = { ...getOwnPropertyDescriptors(env), ...getOwnPropertyDescriptors({ network, journal }) };
      return Object.defineProperties({}, own) as MachineEnv;
    },
    testify({ digest, violations, record, statistics }) {
      const { history, machines, rejections } = record;
      let results = mixString(0, textOf(statistics));
      for (const part of [history, machines, rejections, violations].flat()) {
        results = mixString(results, textOf(part));
      }
      return { digest, seen, results };
    },
  };
}

/** FNV-1a: one multiplication a byte. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function textOf(data: unknown): string {
  try {
    return JSON.stringify(data) ?? "";
  } catch {
    // A bigint, or an object within itself.
    return "cannot be written as JSON";
  }
}
