import { createTimerQueue, type QueueEntry } from "@phyxius/clock/timer-queue";
import { createQuiescence } from "../../sim/kernel/quiescence.ts";

/**
 * The floor under every simulation of promise-based code: take an event from the heap, do nothing, put one
 * back, wait until all promise jobs have settled.
 *
 * @param pending events in the heap at any time
 * @returns events per second
 */
export function bareLoop(events: number, pending: number): Promise<number> {
  const queue = createTimerQueue<QueueEntry>();
  const quiescence = createQuiescence();
  for (let i = 0; i < pending; i++) queue.push({ due: i, tie: 0, sequence: 0, place: -1 });
  let left = events;
  const startedMs = performance.now();
  return new Promise((resolve) => {
    function step(): void {
      const event = queue.pop() as QueueEntry;
      if (left-- === 0) {
        resolve(events / ((performance.now() - startedMs) / 1000));
        return;
      }
      queue.push({ due: event.due + pending, tie: 0, sequence: 0, place: -1 });
      quiescence.whenSettled(step);
    }
    step();
  });
}
