import type { Clock, Instant } from "@phyxius/clock";
import { type CacheRecord, isLive } from "../local/record.ts";
import type { Operation } from "../operations/operation.ts";

/**
 * In whose time records say when they expire.
 *
 * - `absolute`: in wall time, which all nodes mean to share. Wall clocks may be wrong by `clockSkewMs`.
 * - `relative`: in the monotonic time of the node that holds the record; a record that moves is restated in the time
 *   of whoever gets it (see `peer-clocks.ts`). Wall clocks do not matter; rates may be wrong by `clockDriftPpm`.
 */
export type TtlMode = "absolute" | "relative";

/** What a time to live is measured with, on one node. All times are milliseconds. */
export interface TtlClock {
  /** Of two tracks, that in which this node's records say when they expire. */
  at(instant: Instant): number;
  nowMs(): number;
  /** When a value ends that may be served for so long from the start of the operation. */
  endMs(operation: Pick<Operation, "startedMs">, ttlMs: number): number;
  /** Whether the record's value may be served at that time of this clock. */
  isServable(record: CacheRecord, nowMs: number): boolean;
  /** For how long from now on the record's value may be served; 0 or less when its time is over. */
  remainingMs(record: CacheRecord): number;
}

/** What a clock may round what it shows by; more than any that counts microseconds. */
export const TICK_MS = 0.01;

const MILLION = 1_000_000;

/** By wall time, early by the skew: on no other node's clock may the value have expired longer ago. */
export function createAbsoluteTtlClock(clock: Pick<Clock, "now">, clockSkewMs: number): TtlClock {
  const nowMs = (): number => clock.now().wallMs;
  return {
    at: ({ wallMs }) => wallMs,
    nowMs,
    endMs: ({ startedMs }, ttlMs) => startedMs + ttlMs,
    isServable: (record, atMs) => isLive(record, atMs + clockSkewMs),
    remainingMs: ({ expireAtMs }) => expireAtMs - nowMs() - clockSkewMs,
  };
}

/** By the monotonic clock: one that runs slow shows less than the time to live when that is over. */
export function createRelativeTtlClock(clock: Pick<Clock, "now">, clockDriftPpm: number): TtlClock {
  const nowMs = (): number => clock.now().monoMs;
  const slowest = 1 - clockDriftPpm / MILLION;
  return {
    at: ({ monoMs }) => monoMs,
    nowMs,
    endMs: ({ startedMs }, ttlMs) => startedMs + ttlMs * slowest - TICK_MS,
    isServable: isLive,
    remainingMs: ({ expireAtMs }) => expireAtMs - nowMs(),
  };
}

/** How much a clock advances at least while another one advances by 1, if the rate of each may be wrong by so much. */
export function slowestRate(clockDriftPpm: number): number {
  return (MILLION - clockDriftPpm) / (MILLION + clockDriftPpm);
}
