/** What machines noted of each other's health, in the order in which they noted it. */
import type { CheckedPeer } from "../world/machine.ts";

export interface HealthNote extends CheckedPeer {
  readonly atUs: number;
}

/** The notes of one life of a machine. */
export interface HealthLife {
  readonly machine: string;
  readonly incarnation: number;
  readonly notes: readonly HealthNote[];
}

export interface HealthLedger {
  note(machine: string, incarnation: number, atUs: number, notes: readonly CheckedPeer[]): void;
  /** In the order of the lives' first notes. */
  lives(): readonly HealthLife[];
}

export function createHealthLedger(): HealthLedger {
  const lives = new Map<string, HealthLife & { readonly notes: HealthNote[] }>();
  return {
    note(machine, incarnation, atUs, notes) {
      const name = `${machine}@${incarnation}`;
      let life = lives.get(name);
      if (life === undefined) lives.set(name, (life = { machine, incarnation, notes: [] }));
      for (const each of notes) life.notes.push({ ...each, atUs });
    },
    lives: () => [...lives.values()],
  };
}
