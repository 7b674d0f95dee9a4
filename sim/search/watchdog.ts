import type { Control } from "./control.ts";

/** Notices a seed that takes far too long: whatever it does, nothing in its own thread can interrupt it. */
export interface Watchdog {
  /** Begins to watch what runs in a slot. @returns aborted when one seed has taken too long */
  watch(slot: number): AbortSignal;
  /** Looks at every slot. @param nowMs on a monotonic clock */
  look(nowMs: number): void;
}

interface Watched {
  readonly controller: AbortController;
  seed: number | null;
  sinceMs: number | null;
}

/** @param seedTimeoutMs what one seed may take, in real time */
export function createWatchdog(control: Control, seedTimeoutMs: number): Watchdog {
  const slots = new Map<number, Watched>();
  return {
    watch(slot) {
      const controller = new AbortController();
      slots.set(slot, { controller, seed: null, sinceMs: null });
      return controller.signal;
    },
    look(nowMs) {
      for (const [slot, watched] of slots) {
        const seed = control.progress(slot)?.seed ?? null;
        if (seed === null || seed !== watched.seed || watched.sinceMs === null) {
          watched.seed = seed;
          watched.sinceMs = nowMs;
        } else if (nowMs - watched.sinceMs > seedTimeoutMs) {
          watched.controller.abort();
        }
      }
    },
  };
}
