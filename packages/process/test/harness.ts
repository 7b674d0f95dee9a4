import { createControlledClock } from "@phyxius/clock";
import { createRootSupervisor, type ProcessEvent, type SupervisorOptions } from "../src/index.ts";

/** A supervisor on a controlled clock, with its events on record. */
export function createHarness(options: Omit<SupervisorOptions, "clock"> = {}) {
  const clock = createControlledClock(0);
  const events: ProcessEvent[] = [];
  const emit = (event: ProcessEvent) => void events.push(event);
  const supervisor = createRootSupervisor({ clock, emit, ...options });

  return {
    clock,
    events,
    emit,
    supervisor,
    types: () => events.map((event) => event.type),
    ofType: <T extends ProcessEvent["type"]>(type: T) =>
      events.filter((event): event is Extract<ProcessEvent, { type: T }> => event.type === type),
    /** Millisecond by millisecond, so that everything set off by one is over before the next. */
    advance: async (ms: number): Promise<void> => {
      await clock.flush();
      for (let step = 0; step < ms; step++) {
        clock.advanceBy(1);
        await clock.flush();
      }
    },
  };
}

/** A promise to be settled by hand. */
export function createGate<T = void>() {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

export type CounterMessage =
  | { readonly type: "increment"; readonly by?: number }
  | { readonly type: "crash" }
  | { readonly type: "get"; readonly reply: (count: number) => void };

export const counter = {
  name: "counter",
  init: () => ({ count: 0 }),
  handle(state: { count: number }, msg: CounterMessage) {
    if (msg.type === "increment") return { count: state.count + (msg.by ?? 1) };
    if (msg.type === "crash") throw new Error("crash");
    msg.reply(state.count);
    return state;
  },
};

export const getCount = (reply: (count: number) => void): CounterMessage => ({ type: "get", reply });
