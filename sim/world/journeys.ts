import type { Chooser } from "../kernel/choices.ts";
import { site } from "../kernel/choices.ts";
import type { Cause } from "../kernel/cause.ts";
import { latencySampler, type LatencySampler } from "./latency.ts";
import type { NetworkOptions } from "./network-settings.ts";

/** The kind of message that a frame carries, as the system calls it; null for what cannot be read. */
export type KindOf = (frame: Uint8Array) => string | null;

/** What a message's journey depends on besides its link. */
export interface Journeys {
  /** How long messages like this take; null: as long as the link says. */
  sampler(frame: Uint8Array): LatencySampler | null;
  /** How much longer it takes, in microseconds, since neither end is near. */
  extraUs(from: string, to: string, chooser: Chooser, cause: Cause): number;
}

/** Null when a plan says nothing of the kind: then nothing is asked on the way. */
export function createJourneys({ messages, near }: NetworkOptions, kindOf: KindOf): Journeys | null {
  if (messages === undefined && near === undefined) return null;
  const samplers = new Map(
    Object.entries(messages ?? {}).map(([kind, { latency }]) => [kind, latencySampler(latency)]),
  );
  const machines = near?.machines ?? [];
  const isListed = new Set(machines);
  const awayUs = Math.round((near?.awayMs ?? 0) * 1000);
  const nearest = site("net/near");

  return {
    sampler: (frame) => (samplers.size === 0 ? null : (samplers.get(kindOf(frame) ?? "") ?? null)),
    extraUs(from, to, chooser, cause) {
      // Between two of the list, as between any of them and whoever asks: the one that is not near is far.
      const machine = isListed.has(to) ? to : from;
      if (!isListed.has(machine)) return 0;
      // One choice for each cause: all messages of an operation find the same machine near.
      const place = Math.floor(chooser.quantile(nearest, cause, 0) * machines.length);
      return machines[place] === machine ? 0 : awayUs;
    },
  };
}
