import type { TraceEvent, TraceSink } from "../kernel/trace-sink.ts";

/** Keeps every event of a run in memory. */
export interface Recording extends TraceSink {
  readonly events: readonly TraceEvent[];
}

export function createRecording(): Recording {
  const events: TraceEvent[] = [];
  return {
    events,
    event(event) {
      events.push(event);
    },
  };
}

/** Hands every event to several sinks. */
export function teeSinks(...sinks: readonly TraceSink[]): TraceSink {
  return {
    event(event) {
      for (const sink of sinks) sink.event(event);
    },
    step(step) {
      for (const sink of sinks) sink.step?.(step);
    },
  };
}
