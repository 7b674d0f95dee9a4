/**
 * The controlled clock as one would write it on a napkin: a plain list that is searched from end to end for
 * what comes next, no heaps, no sharing between the tracks. It tells the same events, so that the whole
 * behaviour compares as one log.
 */
import type { ClockEvent } from "@phyxius/clock";

interface NaiveTimer {
  readonly registration: number;
  readonly waitsFor: "mono" | "wall";
  at: number;
  fire(): void;
}

export interface NaiveInterval {
  cancel(): void;
}

export function createNaiveClock(initialTime: number) {
  const events: ClockEvent[] = [];
  let timers: NaiveTimer[] = [];
  let registrations = 0;
  let monoMs = initialTime;
  let wallMs = initialTime;

  const at = () => ({ monoMs, wallMs }) as ClockEvent extends { at: infer I } ? I : never;
  const emit = (event: object) => void events.push(event as ClockEvent);
  const waitMs = (timer: NaiveTimer) => timer.at - (timer.waitsFor === "mono" ? monoMs : wallMs);

  function add(waitsFor: "mono" | "wall", dueAt: number, fire: (self: NaiveTimer) => void): NaiveTimer {
    const timer: NaiveTimer = {
      registration: registrations++,
      waitsFor,
      at: dueAt,
      fire: () => fire(timer),
    };
    timers.push(timer);
    return timer;
  }

  function remove(timer: NaiveTimer): void {
    timers = timers.filter((other) => other !== timer);
  }

  function next(): NaiveTimer | undefined {
    return [...timers].sort((a, b) => waitMs(a) - waitMs(b) || a.registration - b.registration)[0];
  }

  function pass(durationMs: number): void {
    monoMs += durationMs;
    wallMs += durationMs;
  }

  function advanceTo(targetMs: number): void {
    if (targetMs <= monoMs) return;
    emit({ type: "time:advance", byMs: targetMs - monoMs, fromMono: monoMs, toMono: targetMs });
    for (let timer = next(); timer !== undefined && monoMs + waitMs(timer) <= targetMs; timer = next()) {
      pass(waitMs(timer));
      remove(timer);
      timer.fire();
    }
    pass(targetMs - monoMs);
  }

  function reached(targetMs: number): void {
    const driftMs = wallMs - targetMs;
    const type = driftMs > 0 ? "time:deadline:err" : "time:deadline:ok";
    emit({ type, targetMs, actualMs: wallMs, driftMs, at: at() });
  }

  return {
    events,
    now: () => ({ monoMs, wallMs }),
    pending: () => timers.length,
    advanceTo,
    advanceBy: (durationMs: number) => advanceTo(monoMs + durationMs),
    tick() {
      const timer = next();
      if (timer !== undefined) advanceTo(monoMs + waitMs(timer));
    },
    jumpWallTime(toMs: number) {
      emit({ type: "time:wall_jump", fromWall: wallMs, toWall: toMs, monoMs });
      wallMs = toMs;
      const due = timers
        .filter((timer) => timer.waitsFor === "wall" && timer.at <= wallMs)
        .sort((a, b) => a.at - b.at || a.registration - b.registration);
      for (const timer of due) {
        remove(timer);
        timer.fire();
      }
    },
    sleep(durationMs: number) {
      if (durationMs <= 0) return;
      emit({ type: "time:sleep:start", durationMs, at: at() });
      add("mono", monoMs + durationMs, () => {
        emit({ type: "time:sleep:end", durationMs, actualMs: durationMs, at: at() });
      });
    },
    deadline(targetMs: number) {
      emit({ type: "time:deadline:start", targetMs, delayMs: Math.max(0, targetMs - wallMs), at: at() });
      if (targetMs <= wallMs) reached(targetMs);
      else add("wall", targetMs, () => reached(targetMs));
    },
    interval(intervalMs: number, ticksMax: number): NaiveInterval {
      emit({ type: "time:interval:set", intervalMs, at: at() });
      let ticks = 0;
      let isLive = true;
      const handle = {
        cancel() {
          if (!isLive) return;
          isLive = false;
          remove(timer);
          emit({ type: "time:interval:cancel", intervalMs, ticks, at: at() });
        },
      };
      const timer = add("mono", monoMs + intervalMs, (self) => {
        self.at += intervalMs;
        timers.push(self);
        emit({ type: "time:interval:tick", intervalMs, tick: ++ticks, at: at() });
        if (ticks >= ticksMax) handle.cancel();
      });
      return handle;
    },
  };
}
