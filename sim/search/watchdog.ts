import { performance } from "node:perf_hooks";
import type { Control } from "./control.ts";

/** Ends runs that take far too long: a policy that loops without waiting would hold its thread for ever. */
export interface Watchdog {
  /** A batch begins in the slot. @returns what is aborted if one of its runs takes too long */
  watch(slot: number): AbortSignal;
  /** To be called now and then. */
  look(): void;
  /** Why the latest batch of the slot was ended; null when it was not. */
  reasonOf(slot: number): string | null;
}

interface Watched {
  readonly controller: AbortController;
  /** The run that was seen last, and when it was seen first. */
  seed: number | null;
  sinceMs: number;
  reason: string | null;
}

/** @param limitMs real time that one run may take */
export function createWatchdog(control: Control, slotCount: number, limitMs: number): Watchdog {
  const watched = new Map<number, Watched>();
  return {
    watch(slot) {
      const controller = new AbortController();
      watched.set(slot, { controller, seed: null, sinceMs: performance.now(), reason: null });
      return controller.signal;
    },
    look() {
      const nowMs = performance.now();
      for (let slot = 0; slot < slotCount; slot++) {
        const state = watched.get(slot);
        const running = control.progress(slot);
        if (state === undefined || running === null || state.reason !== null) continue;
        if (running.seed !== state.seed) Object.assign(state, { seed: running.seed, sinceMs: nowMs });
        else if (nowMs - state.sinceMs > limitMs) {
          state.reason = `the run had not ended after ${limitMs / 1000} s of real time, and was stopped`;
          state.controller.abort();
        }
      }
    },
    reasonOf: (slot) => watched.get(slot)?.reason ?? null,
  };
}
