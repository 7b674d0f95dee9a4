import { finalize, mixInt, mixString } from "./mix.ts";

/**
 * Why something happens: a client's operation, or one round of a machine's background work. Every choice is
 * addressed by its cause, so the causes must be stable: they are named after what they are, never counted over
 * the whole run.
 *
 * - Work done for an operation, however late, stays in the operation's cause.
 * - Background work starts in a root (a machine's boot, a fault). A timer that fires there opens a new cause,
 *   named after the chain of timers that led to it. So the rounds of a machine's background work depend on
 *   that machine alone, and removing an operation does not shift them.
 */
export interface Cause {
  readonly label: string;
  readonly hash: number;
  /** How often `place` was asked for within this cause so far: 0, 1, 2, ... */
  nextOrdinal(place: number): number;
  /** The cause of the work that a timer set within this cause starts, `place` being the timer's owner. */
  afterTimer(place: number): Cause;
}

class Ordinals {
  private counts: Map<number, number> | null = null;
  private lastPlace = -1;
  private lastCount = 0;

  /** Most causes use one place, or the same one many times in a row; only the others pay for a map. */
  next(place: number): number {
    if (place === this.lastPlace) return this.lastCount++;
    if (this.lastPlace >= 0) {
      this.counts ??= new Map();
      this.counts.set(this.lastPlace, this.lastCount);
    }
    const count = this.counts?.get(place) ?? 0;
    this.lastPlace = place;
    this.lastCount = count + 1;
    return count;
  }
}

class OperationCause extends Ordinals implements Cause {
  readonly label: string;
  readonly hash: number;

  constructor(label: string) {
    super();
    this.label = label;
    this.hash = mixString(0, label);
  }

  nextOrdinal(place: number): number {
    return this.next(place);
  }

  afterTimer(): Cause {
    return this;
  }
}

/** Timers get places of their own, so that setting one does not shift the ordinals of messages. */
const TIMER_PLACES = 0x40000000;

/** Named by its root and the hash of the chain of timers since: a chain may be as long as the run. */
class BackgroundCause extends Ordinals implements Cause {
  readonly hash: number;
  private readonly root: string;
  private readonly depth: number;

  constructor(root: string, hash: number, depth: number) {
    super();
    this.root = root;
    this.hash = hash;
    this.depth = depth;
  }

  get label(): string {
    return this.depth === 0 ? this.root : `${this.root}~${this.depth}.${finalize(this.hash).toString(16)}`;
  }

  nextOrdinal(place: number): number {
    return this.next(place);
  }

  afterTimer(place: number): Cause {
    const ordinal = this.next(TIMER_PLACES + place);
    return new BackgroundCause(this.root, mixInt(mixInt(this.hash, place), ordinal), this.depth + 1);
  }
}

/** @param label unique in the run and the same whenever the plan still has the operation, such as `c1#17`. */
export function operationCause(label: string): Cause {
  return new OperationCause(label);
}

/** @param label unique in the run, such as `n1@2/boot` or `fault/crash/n2@1500`. */
export function backgroundCause(label: string): Cause {
  return new BackgroundCause(label, mixString(1, label), 0);
}
