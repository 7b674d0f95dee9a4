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
   * @param dueUs not before now
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
  reschedule(event: Scheduled, dueUs: number): void;
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
  const { chooser, tripwire, eventsMax } = options;
  const sink = options.trace ?? null;
  const queue = createTimerQueue<Scheduled>();
  const quiescence = createQuiescence();
  const setup = backgroundCause("setup");

  let nowUs = 0;
  let eventCount = 0;
  let cause: Cause = setup;
  let lane = WORLD_LANE;
  let traceCount = 0;
  /** Trace index of what is running: the cause of everything recorded until the next event. */
  let parent = -1;
  let digestA = 0x9e3779b9;
  let digestB = 0x85ebca6b;

  function runUntil(untilUs: number, done: () => void, failed: (error: unknown) => void): void {
    let nextYield = eventCount + EVENTS_PER_YIELD;

    function step(): void {
      try {
        for (;;) {
          const next = queue.peek();
          if (next === undefined || next.due > untilUs) {
            nowUs = untilUs;
            cause = setup;
            lane = WORLD_LANE;
            parent = -1;
            tripwire.release();
            done();
            return;
          }
          if (eventCount >= nextYield) {
            nextYield = eventCount + EVENTS_PER_YIELD;
            tripwire.release();
            quiescence.yieldToEventLoop(resume);
            return;
          }
          queue.pop();
          if (++eventCount > eventsMax) {
            throw new RunawayError(
              `the run did not end within ${eventsMax} events (virtual time ${nowUs / 1000} ms): ` +
                "something schedules work without end; raise eventsMax if the plan is really that large",
            );
          }
          nowUs = next.due;
          cause = next.cause;
          lane = next.lane;
          parent = next.parent;
          digestA = mixInt(digestA, next.due);
          digestB = mixInt(digestB ^ next.lane, cause.hash);
          next.fire();
          if (!next.isQuiet) {
            quiescence.whenSettled(step);
            return;
          }
        }
      } catch (error) {
        tripwire.release();
        failed(error);
      }
    }

    function resume(): void {
      if (options.isAborted?.() === true) {
        failed(new AbortedError("the run was stopped"));
        return;
      }
      tripwire.engage();
      step();
    }

    tripwire.engage();
    // What was set up before the run may have left promise jobs behind as well.
    quiescence.whenSettled(step);
  }

  return {
    get nowUs() {
      return nowUs;
    },
    chooser,
    get cause() {
      return cause;
    },
    get lane() {
      return lane;
    },
    get eventCount() {
      return eventCount;
    },
    isTracing: sink !== null,
    schedule(dueUs, tie, eventLane, eventCause, fire, isQuiet = false) {
      const event: Scheduled = {
        due: dueUs < nowUs ? nowUs : dueUs,
        tie,
        sequence: 0,
        place: -1,
        lane: eventLane,
        cause: eventCause,
        fire,
        isQuiet,
        parent,
      };
      queue.push(event);
      return event;
    },
    reschedule(event, dueUs) {
      queue.remove(event);
      event.due = dueUs < nowUs ? nowUs : dueUs;
      queue.push(event);
    },
    cancel: (event) => queue.remove(event),
    cancelLane: (dropped) => queue.removeWhere((event) => event.lane === dropped),
    trace(kind, machine, data) {
      if (sink === null) return;
      const index = traceCount++;
      sink.event({ index, timeUs: nowUs, machine, kind, cause: parent, activity: cause.label, data });
      parent = index;
    },
    run: (untilUs) => new Promise((resolve, reject) => runUntil(untilUs, resolve, reject)),
    enterLane(entered) {
      lane = entered;
    },
    inspect(code) {
      tripwire.engage();
      try {
        return code();
      } finally {
        tripwire.release();
      }
    },
    digest() {
      const hex = (word: number) => finalize(word).toString(16).padStart(8, "0");
      return hex(mixInt(digestA, eventCount)) + hex(mixInt(digestB, eventCount));
    },
  };
}
