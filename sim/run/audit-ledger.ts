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

export function createAuditLedger(): AuditLedger {
  const lives = new Map<
    string,
    { machine: string; incarnation: number; entries: Map<string, Entries | null> }
  >();

  return {
    note(event) {
      const { machine, incarnation, operation, edge } = event;
      const name = `${machine}@${incarnation}`;
      let life = lives.get(name);
      if (life === undefined) {
        life = { machine, incarnation, entries: new Map() };
        lives.set(name, life);
      }
      life.entries.set(operation, next(life.entries.get(operation), operation, edge, event));
    },
    lives: () =>
      [...lives.values()].map(({ machine, incarnation, entries }) => ({
        machine,
        incarnation,
        odd: [...entries.values()].filter((each) => each !== null),
      })),
  };
}

/** @param before null when the operation was complete, undefined when it is new */
function next(
  before: Entries | null | undefined,
  operation: string,
  edge: "start" | "end",
  event: AuditEvent,
): Entries | null {
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
