/** Questions that wait for their answer, each with a timer and a promise; one way to settle, exactly once. */
import type { Clock, TimerHandle } from "@phyxius/clock";
import { startTimer, type Waiter } from "@phyxius/clock/one-shot-timer";
import { LinkedList, type Linked } from "./linked-list.ts";
import { TimeoutError } from "./process-errors.ts";

export interface AskOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly describeTimeout: () => string;
}

export class PendingAsk implements Linked<PendingAsk>, Waiter {
  older: PendingAsk | undefined;
  newer: PendingAsk | undefined;
  isListed = false;
  private readonly open: LinkedList<PendingAsk>;
  private readonly describeTimeout: () => string;
  private readonly settlers: { resolve(answer: unknown): void; reject(error: unknown): void };
  private readonly timer: TimerHandle;

  constructor(options: AskOptions, open: LinkedList<PendingAsk>, settlers: PendingAsk["settlers"]) {
    this.open = open;
    this.describeTimeout = options.describeTimeout;
    this.settlers = settlers;
    this.timer = startTimer(options.clock, options.timeoutMs, this);
    open.add(this);
  }

  resolve(answer: unknown): void {
    if (this.close()) this.settlers.resolve(answer);
  }

  /** The error is made only if somebody will see it. */
  rejectWith(makeError: () => unknown): void {
    if (this.close()) this.settlers.reject(makeError());
  }

  onDue(): void {
    this.rejectWith(() => new TimeoutError(this.describeTimeout()));
  }

  private close(): boolean {
    if (!this.open.remove(this)) return false;
    this.timer.cancel();
    return true;
  }
}

/** The open questions of one asker. Holds nothing until the first one. */
export class PendingAsks {
  declare private open: LinkedList<PendingAsk> | undefined;

  constructor() {
    this.open = undefined;
  }

  /**
   * Opens a question, lets `start` send it, and gives the promise of its answer. The timer runs from now on and
   * is gone as soon as the question is settled.
   */
  ask<R>(options: AskOptions, start: (resolve: (answer: R) => void, ask: PendingAsk) => void): Promise<R> {
    const open = (this.open ??= new LinkedList());
    return new Promise((resolve, reject) => {
      const ask = new PendingAsk(options, open, { resolve, reject });
      try {
        start((answer) => ask.resolve(answer), ask);
      } catch (error) {
        ask.rejectWith(() => error);
      }
    });
  }

  /** The oldest first. */
  rejectAll(makeError: () => unknown): void {
    if (this.open === undefined) return;
    for (const ask of this.open.items()) ask.rejectWith(makeError);
  }
}
