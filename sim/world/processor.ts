import type { Cause } from "../kernel/cause.ts";
import { type Kernel, type Scheduled, WORLD_LANE } from "../kernel/kernel.ts";
import { mixInt } from "../kernel/mix.ts";

/**
 * When a machine's own code runs. Whatever comes for a machine that is busy (arrivals, timers, clients' calls,
 * resets) waits, first come, first served, and runs when the machine is free again, one kernel event each. Time
 * and the machine's clock go on meanwhile. A pause and a slow processor are both this, and nothing else:
 *
 * - paused: nothing runs until the pause is over; then all that waits runs at once, in order;
 * - slow, at a cost of c: an event runs c after it came, or c after the one before it.
 *
 * So an event takes effect at the end of the time that it costs: a slow machine answers late even when it has
 * nothing else to do.
 */

/** What weighs on a processor. Of several, one pause is enough, and the largest cost counts. */
export interface Burden {
  readonly isPaused?: boolean;
  /** Microseconds that each event costs, a whole number. */
  readonly costUs?: number;
}

/** A stretch of virtual time. */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
}

interface Countdown {
  left: number;
  readonly cause: Cause;
  readonly reached: () => void;
}

/** Before everything else that is due at the same moment. */
const AT_ONCE = -1;
const NEVER = Number.POSITIVE_INFINITY;

/** A class for the reason given at the kernel's: all machines of all runs have one shape. */
export class Processor {
  /** Nothing weighs, waits or counts: what comes may run as if this were not here. */
  isFree = true;

  private readonly kernel: Kernel;
  private readonly machine: string;
  private readonly lane: number;
  private readonly burdens = new Map<object, Burden>();
  private readonly countdowns = new Map<object, Countdown>();
  /** What waits, in order; the first is at `next`, unless it was cancelled. */
  private waiting: Scheduled[] = [];
  private next = 0;
  private isPaused = false;
  private costUs = 0;
  /** In a pause: what the first of those that wait still costs. */
  private leftUs = 0;
  /** Since when the machine has been busy without a break; null while it is not. */
  private busySinceUs: number | null = null;
  private readonly pastBusy: Stretch[] = [];

  constructor(kernel: Kernel, machine: string, lane: number) {
    this.kernel = kernel;
    this.machine = machine;
    this.lane = lane;
  }

  /** When the machine was busy until now, in order of time. */
  get busy(): readonly Stretch[] {
    if (this.busySinceUs === null) return this.pastBusy;
    return [...this.pastBusy, { fromUs: this.busySinceUs, untilUs: this.kernel.nowUs }];
  }

  impose(owner: object, burden: Burden): void {
    this.burdens.set(owner, burden);
    this.reweigh();
  }

  lift(owner: object): void {
    if (this.burdens.delete(owner)) this.reweigh();
  }

  /** Calls back right after the `events`-th event from now on, when all that it set off has settled. */
  countDown(owner: object, events: number, reached: () => void): void {
    this.countdowns.set(owner, { left: events, cause: this.kernel.cause, reached });
    this.isFree = false;
  }

  stopCounting(owner: object): void {
    this.countdowns.delete(owner);
    this.relax();
  }

  /**
   * Lets a piece of work run as soon as the machine is free.
   * @returns what to hand to `cancel` while it waits; null when it has run
   */
  enter(work: () => void): Scheduled | null {
    const { kernel, lane } = this;
    if (this.busySinceUs === null && this.costUs === 0) {
      kernel.enterLane(lane);
      this.perform(work);
      return null;
    }
    const cameUs = kernel.nowUs;
    const event = kernel.schedule(NEVER, mixInt(lane, cameUs), lane, kernel.cause, () => {
      if (kernel.isTracing) kernel.trace("machine.resume", this.machine, { waitedUs: kernel.nowUs - cameUs });
      this.perform(work);
      this.serveNext(this.costUs);
    });
    this.waiting.push(event);
    if (this.first() === event) this.serveNext(this.costUs);
    return event;
  }

  /** Takes back what waits, for its time or for its turn. */
  cancel(event: Scheduled): void {
    if (this.isFree) {
      this.kernel.cancel(event);
      return;
    }
    const isFirst = this.first() === event;
    this.kernel.cancel(event);
    if (isFirst) this.serveNext(this.costUs);
  }

  /** Forgets all that waits, since the machine has died. What weighs on it goes on doing so. */
  clear(): void {
    for (const event of this.waiting) this.kernel.cancel(event);
    this.serveNext(0);
  }

  private first(): Scheduled | undefined {
    const { waiting } = this;
    while (this.next < waiting.length && (waiting[this.next] as Scheduled).place < 0) this.next++;
    return waiting[this.next];
  }

  private perform(work: () => void): void {
    work();
    for (const [owner, countdown] of this.countdowns) {
      if (--countdown.left > 0) continue;
      this.countdowns.delete(owner);
      const { cause, reached } = countdown;
      this.kernel.schedule(this.kernel.nowUs, AT_ONCE, WORLD_LANE, cause, reached);
    }
  }

  /** Sets the time of whatever is first now, which still costs `leftUs`. */
  private serveNext(leftUs: number): void {
    const { kernel } = this;
    const event = this.first();
    if (event === undefined) {
      this.waiting = [];
      this.next = 0;
      if (!this.isPaused) this.rest();
      this.relax();
      return;
    }
    this.busySinceUs ??= kernel.nowUs;
    this.leftUs = leftUs;
    kernel.reschedule(event, this.isPaused ? NEVER : kernel.nowUs + leftUs);
  }

  /** Whatever is first goes on under what weighs from now on. */
  private reweigh(): void {
    const { kernel } = this;
    const event = this.first();
    const leftUs = event === undefined || this.isPaused ? this.leftUs : event.due - kernel.nowUs;
    this.isPaused = false;
    this.costUs = 0;
    for (const { isPaused = false, costUs = 0 } of this.burdens.values()) {
      this.isPaused ||= isPaused;
      this.costUs = Math.max(this.costUs, costUs);
    }
    if (this.isPaused) this.busySinceUs ??= kernel.nowUs;
    this.serveNext(Math.min(leftUs, this.costUs));
  }

  private rest(): void {
    const { busySinceUs, pastBusy } = this;
    this.busySinceUs = null;
    const untilUs = this.kernel.nowUs;
    if (busySinceUs !== null && busySinceUs < untilUs) pastBusy.push({ fromUs: busySinceUs, untilUs });
  }

  private relax(): void {
    this.isFree = this.busySinceUs === null && this.costUs === 0 && this.countdowns.size === 0;
  }
}
