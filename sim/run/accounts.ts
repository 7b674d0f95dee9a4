/**
 * What the machines count of their own doing, and how full they are, against what the harness saw of it: their
 * journals, entry by entry, and the bounds they are to stay within.
 */
import type { JournalNote } from "../world/machine.ts";
import type { OperationKind, Operation } from "./history.ts";

/** A number that a machine keeps of what it did, and what it must be equal to. */
export interface Tally {
  /** As the system calls it: "hits". */
  readonly name: string;
  readonly count: number;
  /** Types of journal entries that tell of the same, each once, or of as many as the entry's amount says. */
  readonly entries?: readonly string[];
  /** Operations of clients that are counted so. */
  readonly answers?: {
    /** Operations of these kinds that got no answer may be counted, or not. */
    readonly kinds: readonly OperationKind[];
    /** Of those that were answered; `perhaps` where the answer leaves it open. */
    readonly counts: (answered: Operation) => boolean | "perhaps";
  };
}

/** Something of a machine that may grow, but not beyond a bound. */
export interface Gauge {
  /** In the plural: "records". */
  readonly name: string;
  readonly level: number;
  readonly max: number;
}

/** The highest level that was seen. */
export interface GaugePeak extends Gauge {
  readonly atUs: number;
}

/** One life of a machine. */
export interface LifeAccount {
  readonly machine: string;
  readonly incarnation: number;
  /** As they stood when the life ended. */
  readonly tallies: readonly Tally[];
  /** By type of entry, how much the journal told of. */
  readonly told: ReadonlyMap<string, number>;
  readonly peaks: readonly GaugePeak[];
}

/** What a life can say of itself; nothing of it is required. */
export interface Accountable {
  tallies?(): readonly Tally[];
  gauges?(): readonly Gauge[];
}

export interface Accounts {
  note(machine: string, incarnation: number, note: JournalNote): void;
  /** Looks how full a machine is. */
  look(machine: string, incarnation: number, node: Accountable, atUs: number): void;
  /** A life ends, or the run: takes what it counted. */
  close(machine: string, incarnation: number, node: Accountable, atUs: number): void;
  /** In the order in which they were first heard of. */
  lives(): readonly LifeAccount[];
}

interface Life {
  readonly machine: string;
  readonly incarnation: number;
  tallies: readonly Tally[];
  readonly told: Map<string, number>;
  readonly peaks: Peak[];
}

/** Written in place: machines are looked at after every operation, and hardly ever is anything higher than before. */
type Peak = { -readonly [Field in keyof GaugePeak]: GaugePeak[Field] };

export function createAccounts(): Accounts {
  const lives: Life[] = [];
  /** Of each machine, its last life. */
  const latest = new Map<string, Life>();

  function lifeOf(machine: string, incarnation: number): Life {
    const last = latest.get(machine);
    if (last?.incarnation === incarnation) return last;
    const life = { machine, incarnation, tallies: [], told: new Map(), peaks: [] };
    lives.push(life);
    latest.set(machine, life);
    return life;
  }

  function look(machine: string, incarnation: number, node: Accountable, atUs: number): void {
    const gauges = node.gauges?.();
    if (gauges === undefined) return;
    const { peaks } = lifeOf(machine, incarnation);
    for (const { name, level, max } of gauges) {
      const peak = peaks.find((other) => other.name === name);
      if (peak === undefined) peaks.push({ name, level, max, atUs });
      // What matters is the distance from the bound, which may move.
      else if (level - max > peak.level - peak.max) {
        peak.level = level;
        peak.max = max;
        peak.atUs = atUs;
      }
    }
  }

  return {
    note(machine, incarnation, { type, amount = 1 }) {
      const { told } = lifeOf(machine, incarnation);
      told.set(type, (told.get(type) ?? 0) + amount);
    },
    look,
    close(machine, incarnation, node, atUs) {
      look(machine, incarnation, node, atUs);
      const tallies = node.tallies?.();
      if (tallies !== undefined) lifeOf(machine, incarnation).tallies = tallies;
    },
    lives: () => lives,
  };
}
