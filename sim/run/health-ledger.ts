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

interface Life extends HealthLife {
  readonly notes: HealthNote[];
}

export interface HealthLedger {
  note(machine: string, incarnation: number, atUs: number, notes: readonly CheckedPeer[]): void;
  /** In the order of the lives' first notes. */
  lives(): readonly HealthLife[];
}

export function createHealthLedger(): HealthLedger {
  const lives: Life[] = [];
  /** Of each machine, its last life: no other can note anything. */
  const latest = new Map<string, Life>();
  return {
    note(machine, incarnation, atUs, notes) {
      let life = latest.get(machine);
      if (life?.incarnation !== incarnation) {
        life = { machine, incarnation, notes: [] };
        lives.push(life);
        latest.set(machine, life);
      }
      for (const { peer, latencyMs, status, meanMs } of notes) {
        life.notes.push({ peer, latencyMs, status, meanMs, atUs });
      }
    },
    lives: () => lives,
  };
}
