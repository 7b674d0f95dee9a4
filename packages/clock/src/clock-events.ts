import type { Instant } from "./clock.ts";

/** What a clock tells an `emit` hook. Types, not interfaces, so that a `Record<string, unknown>` accepts them. */
export type ClockEvent =
  | { type: "time:sleep:start"; durationMs: number; at: Instant }
  | { type: "time:sleep:end"; durationMs: number; actualMs: number; at: Instant }
  | { type: "time:deadline:start"; targetMs: number; delayMs: number; at: Instant }
  /** `err` when the wall track was past the target already, which `driftMs` tells by how much. */
  | {
      type: "time:deadline:ok" | "time:deadline:err";
      targetMs: number;
      actualMs: number;
      driftMs: number;
      at: Instant;
    }
  | { type: "time:interval:set"; intervalMs: number; at: Instant }
  /** `tick` counts from 1. It comes before the callback. */
  | { type: "time:interval:tick"; intervalMs: number; tick: number; at: Instant }
  | { type: "time:interval:error"; intervalMs: number; tick: number; error: unknown; at: Instant }
  | { type: "time:interval:cancel"; intervalMs: number; ticks: number; at: Instant }
  /** Controlled clocks only; comes before the timers of that stretch. */
  | { type: "time:advance"; byMs: number; fromMono: number; toMono: number }
  /** Controlled clocks only; comes before the deadlines that the jump makes due. */
  | { type: "time:wall_jump"; fromWall: number; toWall: number; monoMs: number };

/** A hook for events. It must not throw: its error reaches whoever caused the event. */
export type EmitFn<Event = unknown> = (event: Event) => void;
