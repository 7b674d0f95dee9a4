/** One thing that happened in a run, as it is recorded. Key order is part of the format: the hash is over it. */
export interface TraceEvent {
  /** Place in the trace, from 0. */
  readonly index: number;
  readonly timeUs: number;
  /** Where it happened; null for the world itself (faults, phases). */
  readonly machine: string | null;
  readonly kind: string;
  /** Index of the event that made this one happen, -1 for none. Gives happens-before by itself. */
  readonly cause: number;
  /** The operation or the round of background work that it belongs to. */
  readonly activity: string;
  readonly data: unknown;
}

/** Receives every event of a traced run, in order. Must not keep `data` and change it. */
export interface TraceSink {
  event(event: TraceEvent): void;
  /** Told of everything that the kernel runs, also of what leaves no event, as a timer for which there is no work. */
  step?(step: Step): void;
}

/** One turn of the kernel. */
export interface Step {
  readonly timeUs: number;
  readonly lane: number;
  readonly activity: string;
}
