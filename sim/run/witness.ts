import { mixInt, mixString } from "../kernel/mix.ts";
import type { DiskPort } from "../world/disk.ts";
import type { MachineHooks } from "../world/hooks.ts";
import type { MachineEnv } from "../world/machine.ts";
import type { Outcome } from "./outcome.ts";

/**
 * Sees what machines give away, to the last byte: the frames that they send, what they write to their disks and in
 * their journals, when they ask for it to be safe, and which way they go at hook points. The digest of a run knows
 * only what ran when and where; two runs that send or write different bytes at the same times have the same.
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
  /** What was sent, written and journalled, and the ways that were taken. */
  readonly seen: number;
  /** What clients got, what was left in the end, and what was found wrong with it. */
  readonly results: number;
}

/** One thing that a machine gave away. */
export interface Sighting {
  readonly machine: string;
  readonly kind: string;
  readonly data: unknown;
}

/** @param onSight told of everything, which costs more than a fingerprint of it */
export function createWitness(onSight?: (sighting: Sighting) => void): Witness {
  let seen = 0;
  return {
    watch(env) {
      const note = (kind: string, hash: number, show: () => unknown): void => {
        seen = mixInt(mixInt(seen, mixString(env.incarnation, env.id)), mixString(hash, kind));
        onSight?.({ machine: env.id, kind, data: show() });
      };
      const noteBytes = (kind: string, bytes: Uint8Array, to: string | null): void =>
        note(kind, mixString(hashOf(bytes), to ?? ""), () => ({
          ...(to !== null && { to }),
          ...shown(bytes),
        }));
      const network: MachineEnv["network"] = {
        ...env.network,
        send(to, frame) {
          noteBytes("send", frame, to);
          env.network.send(to, frame);
        },
      };
      const journal: MachineEnv["journal"] = (entry) => {
        const text = textOf(entry);
        note("journal", mixString(0, text), () => text);
        env.journal(entry);
      };
      const hooks = watchHooks(env.hooks, (kind, text) => note(kind, mixString(0, text), () => text));
      // Property by property, so that what is made when it is first asked for is not made for being copied.
      const { getOwnPropertyDescriptors } = Object;
      const own = {
        ...getOwnPropertyDescriptors(env),
        ...getOwnPropertyDescriptors({ network, journal, hooks }),
      };
      let disk: DiskPort | null = null;
      return Object.defineProperties(
        {},
        {
          ...own,
          disk: { enumerable: true, get: () => (disk ??= watchDisk(env.disk, noteBytes)) },
        },
      ) as MachineEnv;
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

function watchDisk(
  disk: DiskPort,
  note: (kind: string, bytes: Uint8Array, to: string | null) => void,
): DiskPort {
  return {
    ...disk,
    append(bytes) {
      note("append", bytes, null);
      return disk.append(bytes);
    },
    sync() {
      note("sync", NOTHING, null);
      return disk.sync();
    },
    replace(parts) {
      const all = [...parts];
      note("replace", NOTHING, null);
      for (const part of all) note("replacement", part, null);
      return disk.replace(all);
    },
  };
}

function watchHooks(hooks: MachineHooks, note: (kind: string, text: string) => void): MachineHooks {
  return {
    maybe(detour) {
      const isTaken = hooks.maybe(detour);
      note("detour", isTaken ? `takes ${detour}` : `passes ${detour}`);
      return isTaken;
    },
    sometimes(probe) {
      note("probe", probe);
      hooks.sometimes(probe);
    },
    crashpoint(point) {
      note("crashpoint", point);
      hooks.crashpoint(point);
    },
  };
}

const NOTHING = new Uint8Array();
const BYTES_SHOWN_MAX = 256;

function shown(bytes: Uint8Array): object {
  const text = new TextDecoder().decode(bytes.subarray(0, BYTES_SHOWN_MAX));
  return { bytes: bytes.length, hash: hashOf(bytes), begin: text };
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
