/**
 * Whether a machine's journal tells of every operation exactly once that it began and once that it ended, kept
 * up to date entry by entry. What is complete costs no more than its name, so a ledger of a long run is small.
 */

/** One entry of a machine's own audit journal that opens or closes an operation. */
export interface AuditEvent {
  readonly atUs: number;
  readonly machine: string;
  readonly incarnation: number;
  /** As the system names it, for example "cache.get.started". */
  readonly type: string;
  /** The operation that it belongs to, as the system numbers its own. */
  readonly operation: string;
  readonly edge: "start" | "end";
}

/** What a journal has of an operation that is not, or no longer, one start followed by one end. */
export interface OddOperation {
  readonly operation: string;
  /** The first entry; of an operation that had been complete, the one that came too much. */
  readonly first: AuditEvent;
  readonly starts: number;
  readonly ends: number;
  readonly isEndedFirst: boolean;
}

/** The journal of one life of a machine. */
export interface AuditedLife {
  readonly machine: string;
  readonly incarnation: number;
  /** In the order in which they became odd. */
  readonly odd: readonly OddOperation[];
}

export interface AuditLedger {
  note(event: AuditEvent): void;
  /** In the order of the lives' first entries. */
  lives(): readonly AuditedLife[];
}

type Entries = { -readonly [K in keyof OddOperation]: OddOperation[K] };

interface Life {
  readonly machine: string;
  readonly incarnation: number;
  /** By operation; null when it is complete. */
  readonly entries: Map<string, Entries | null>;
}

export function createAuditLedger(): AuditLedger {
  const lives: Life[] = [];
  /** Of each machine, the life that wrote last: found without making a name for it. */
  const latest = new Map<string, Life>();

  function lifeOf(machine: string, incarnation: number): Life {
    const last = latest.get(machine);
    if (last?.incarnation === incarnation) return last;
    let life = lives.find((each) => each.machine === machine && each.incarnation === incarnation);
    if (life === undefined) {
      life = { machine, incarnation, entries: new Map() };
      lives.push(life);
    }
    latest.set(machine, life);
    return life;
  }

  return {
    note(event) {
      const { entries } = lifeOf(event.machine, event.incarnation);
      entries.set(event.operation, next(entries.get(event.operation), event));
    },
    lives: () =>
      lives.map(({ machine, incarnation, entries }) => ({
        machine,
        incarnation,
        odd: [...entries.values()].filter((each) => each !== null),
      })),
  };
}

/** @param before null when the operation was complete, undefined when it is new */
function next(before: Entries | null | undefined, event: AuditEvent): Entries | null {
  const { operation, edge } = event;
  const isComplete = before === null;
  const entries = before ?? {
    operation,
    first: event,
    starts: isComplete ? 1 : 0,
    ends: isComplete ? 1 : 0,
    isEndedFirst: !isComplete && edge === "end",
  };
  if (edge === "start") entries.starts++;
  else entries.ends++;
  return entries.starts === 1 && entries.ends === 1 && !entries.isEndedFirst ? null : entries;
}
