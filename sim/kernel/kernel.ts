import { createTimerQueue, type QueueEntry } from "@phyxius/clock/timer-queue";
import { backgroundCause, type Cause } from "./cause.ts";
import type { Chooser } from "./choices.ts";
import { finalize, mixInt } from "./mix.ts";
import { createQuiescence } from "./quiescence.ts";
import type { TraceSink } from "./trace-sink.ts";
import type { Tripwire } from "./tripwire.ts";

/**
 * Virtual time. The kernel takes the next event from the queue, runs it, waits until every promise job that it
 * set off has settled, and goes on. So whatever happens between two events was caused by the first of them,
 * and the kernel knows the cause of everything without any context being passed.
 */

/** The lane of events that belong to no machine. */
export const WORLD_LANE = 0;

/** Something that will happen. Hold it only to cancel it. */
export interface Scheduled extends QueueEntry {
  readonly lane: number;
  readonly cause: Cause;
  readonly fire: () => void;
  /** Runs no code of the system under test, so nothing needs to settle after it. */
  readonly isQuiet: boolean;
  /** Trace index of the event that scheduled it. */
  readonly parent: number;
}

export interface Kernel {
  /** Microseconds of virtual time since the start, a whole number. */
  readonly nowUs: number;
  readonly chooser: Chooser;
  /** The cause of whatever is running now. */
  readonly cause: Cause;
  /** The lane of the event that is running now. */
  readonly lane: number;
  readonly eventCount: number;
  readonly isTracing: boolean;
  /**
   * @param dueUs what lies in the past is due now
   * @param tie orders events of one instant; equal ties keep the order of scheduling
   */
  schedule(
    dueUs: number,
    tie: number,
    lane: number,
    cause: Cause,
    fire: () => void,
    isQuiet?: boolean,
  ): Scheduled;
  /** Moves an event that is still to come to another time. */
  reschedule(event: Scheduled, dueUs: number, tie?: number): void;
  cancel(event: Scheduled): boolean;
  /** Drops everything scheduled in a lane. Returns how many events. */
  cancelLane(lane: number): number;
  /** Records an event when the run is traced; costs nothing otherwise, if the caller asks `isTracing` first. */
  trace(kind: string, machine: string | null, data: unknown): void;
  /**
   * Runs until the queue is empty, or until the next event is due after `untilUs`, then sets the time to it.
   * @throws whatever an event threw; RunawayError after `eventsMax` events
   */
  run(untilUs: number): Promise<void>;
  /** The rest of the running event is the work of this lane: for events whose place is known only late. */
  enterLane(lane: number): void;
  /** Runs a piece of the system's code outside any event, under the tripwire. */
  inspect<T>(code: () => T): T;
  /** A fingerprint of the run so far: what ran when and where. Equal for equal runs. */
  digest(): string;
}

export interface KernelOptions {
  readonly chooser: Chooser;
  readonly trace?: TraceSink | undefined;
  readonly tripwire: Tripwire;
  /** Stops a run that would never end. */
  readonly eventsMax: number;
  /** Asked whenever the run yields to the event loop; true ends it with an AbortedError. */
  readonly isAborted?: (() => boolean) | undefined;
}

export class RunawayError extends Error {
  override readonly name = "RunawayError";
}

export class AbortedError extends Error {
  override readonly name = "AbortedError";
}

/**
 * Events between two yields to the event loop: some 10 ms. A count and not a duration, so that what can be seen
 * only then (an unhandled rejection) is seen at the same place of every run.
 */
const EVENTS_PER_YIELD = 8192;

export function createKernel(options: KernelOptions): Kernel {
  return new EventLoop(options);
}

/**
 * A class, and not a closure with accessors: those would give every run's kernel a shape of its own, and code
 * that has seen many shapes stays slow.
 */
class EventLoop implements Kernel {
  nowUs = 0;
  readonly chooser: Chooser;
  cause: Cause;
  lane = WORLD_LANE;
  eventCount = 0;
  readonly isTracing: boolean;

  private readonly options: KernelOptions;
  private readonly tripwire: Tripwire;
  private readonly sink: TraceSink | null;
  private readonly queue = createTimerQueue<Scheduled>();
  private readonly quiescence = createQuiescence();
  private readonly setup = backgroundCause("setup");
  private traceCount = 0;
  /** Trace index of what is running: the cause of everything recorded until the next event. */
  private parent = -1;
  private digestA = 0x9e3779b9;
  private digestB = 0x85ebca6b;

  constructor(options: KernelOptions) {
    this.options = options;
    this.chooser = options.chooser;
    this.tripwire = options.tripwire;
    this.sink = options.trace ?? null;
    this.isTracing = this.sink !== null;
    this.cause = this.setup;
  }

  schedule(
    dueUs: number,
    tie: number,
    lane: number,
    cause: Cause,
    fire: () => void,
    isQuiet = false,
  ): Scheduled {
    const event: Scheduled = {
      due: dueUs < this.nowUs ? this.nowUs : dueUs,
      tie,
      sequence: 0,
      place: -1,
      lane,
      cause,
      fire,
      isQuiet,
      parent: this.parent,
    };
    this.queue.push(event);
    return event;
  }

  reschedule(event: Scheduled, dueUs: number, tie = event.tie): void {
    this.queue.remove(event);
    event.tie = tie;
    event.due = dueUs < this.nowUs ? this.nowUs : dueUs;
    this.queue.push(event);
  }

  cancel(event: Scheduled): boolean {
    return this.queue.remove(event);
  }

  cancelLane(lane: number): number {
    return this.queue.removeWhere((event) => event.lane === lane);
  }

  trace(kind: string, machine: string | null, data: unknown): void {
    if (this.sink === null) return;
    const index = this.traceCount++;
    const { nowUs: timeUs, parent: cause } = this;
    this.sink.event({ index, timeUs, machine, kind, cause, activity: this.cause.label, data });
    this.parent = index;
  }

  enterLane(lane: number): void {
    this.lane = lane;
  }

  inspect<T>(code: () => T): T {
    this.tripwire.engage();
    try {
      return code();
    } finally {
      this.tripwire.release();
    }
  }

  digest(): string {
    const hex = (word: number) => finalize(mixInt(word, this.eventCount)).toString(16).padStart(8, "0");
    return hex(this.digestA) + hex(this.digestB);
  }

  run(untilUs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let nextYield = this.eventCount + EVENTS_PER_YIELD;

      const end = (settle: () => void) => {
        this.tripwire.release();
        settle();
      };

      const step = () => {
        try {
          for (;;) {
            const next = this.queue.peek();
            if (next === undefined || next.due > untilUs) {
              this.enter(untilUs, this.setup, WORLD_LANE, -1);
              end(resolve);
              return;
            }
            if (this.eventCount >= nextYield) {
              nextYield = this.eventCount + EVENTS_PER_YIELD;
              this.tripwire.release();
              this.quiescence.yieldToEventLoop(resume);
              return;
            }
            this.queue.pop();
            this.fire(next);
            if (!next.isQuiet) {
              this.quiescence.whenSettled(step);
              return;
            }
          }
        } catch (error) {
          end(() => reject(error));
        }
      };

      const resume = () => {
        if (this.options.isAborted?.() === true) {
          reject(new AbortedError("the run was stopped"));
          return;
        }
        this.tripwire.engage();
        step();
      };

      this.tripwire.engage();
      // What was set up before the run may have left promise jobs behind as well.
      this.quiescence.whenSettled(step);
    });
  }

  private enter(nowUs: number, cause: Cause, lane: number, parent: number): void {
    this.nowUs = nowUs;
    this.cause = cause;
    this.lane = lane;
    this.parent = parent;
  }

  private fire(event: Scheduled): void {
    const { eventsMax } = this.options;
    if (++this.eventCount > eventsMax) {
      throw new RunawayError(
        `the run did not end within ${eventsMax} events (virtual time ${this.nowUs / 1000} ms): ` +
          "something schedules work without end; raise eventsMax if the plan is really that large",
      );
    }
    this.enter(event.due, event.cause, event.lane, event.parent);
    this.digestA = mixInt(this.digestA, event.due);
    this.digestB = mixInt(this.digestB ^ event.lane, event.cause.hash);
    this.sink?.step?.({ timeUs: event.due, lane: event.lane, activity: event.cause.label });
    event.fire();
  }
}
