/**
 * Identifiers of processes.
 *
 * A supervisor counts its own, and processes spawned without one are counted by their clock: whatever makes a
 * run reproducible makes its identifiers the same each time. Nothing here is random.
 */
import type { Clock } from "@phyxius/clock";

export type ProcessId = string & { readonly __brand: "ProcessId" };

export type GenerateProcessId = (name: string) => ProcessId;

let standaloneCount = 0;

/** The given text as an identifier, or a fresh one that no supervisor hands out. */
export function createProcessId(value?: string): ProcessId {
  return (value ?? `process-standalone-${++standaloneCount}`) as ProcessId;
}

/** `name-1`, `name-2`, …: one counter for all names, so that the number alone tells processes apart. */
export function createProcessCounter(): GenerateProcessId {
  let count = 0;
  return (name) => `${name}-${++count}` as ProcessId;
}

const counters = new WeakMap<Clock, GenerateProcessId>();

export function processCounterOf(clock: Clock): GenerateProcessId {
  let counter = counters.get(clock);
  if (counter === undefined) counters.set(clock, (counter = createProcessCounter()));
  return counter;
}
