import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createControlledClock, ms, type ClockEvent, type TimerHandle } from "@phyxius/clock";
import { createNaiveClock, type NaiveInterval } from "./naive-clock.ts";

type Step =
  | { do: "sleep"; durationMs: number }
  | { do: "deadline"; inMs: number }
  | { do: "interval"; periodMs: number; ticksMax: number }
  | { do: "cancel"; which: number }
  | { do: "advanceBy"; durationMs: number }
  | { do: "advanceTo"; offsetMs: number }
  | { do: "jump"; byMs: number }
  | { do: "tick" };

// Few distinct times, so that timers meet often: ties and overtaking are where an order goes wrong.
const near = fc.integer({ min: -3, max: 12 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("sleep" as const), durationMs: near }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("deadline" as const), inMs: near }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("interval" as const),
      periodMs: fc.integer({ min: 1, max: 6 }),
      ticksMax: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("advanceBy" as const), durationMs: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("advanceTo" as const), offsetMs: near }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("jump" as const), byMs: fc.integer({ min: -15, max: 15 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tick" as const) }) },
);

describe("the controlled clock", () => {
  it("tells the same story as a naive clock, whatever happens", () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 5 }), fc.array(step, { maxLength: 40 }), (initial, steps) => {
        const events: ClockEvent[] = [];
        const clock = createControlledClock({ initialTime: initial, emit: (event) => events.push(event) });
        const naive = createNaiveClock(initial);
        const handles: TimerHandle[] = [];
        const naiveHandles: NaiveInterval[] = [];

        for (const action of steps) {
          switch (action.do) {
            case "sleep":
              void clock.sleep(ms(action.durationMs));
              naive.sleep(action.durationMs);
              break;
            case "deadline":
              void clock.deadline({ wallMs: clock.now().wallMs + action.inMs });
              naive.deadline(naive.now().wallMs + action.inMs);
              break;
            case "interval": {
              let ticks = 0;
              const handle = clock.interval(ms(action.periodMs), () => {
                if (++ticks >= action.ticksMax) handle.cancel();
              });
              handles.push(handle);
              naiveHandles.push(naive.interval(action.periodMs, action.ticksMax));
              break;
            }
            case "cancel":
              handles[action.which]?.cancel();
              naiveHandles[action.which]?.cancel();
              break;
            case "advanceBy":
              clock.advanceBy(action.durationMs);
              naive.advanceBy(action.durationMs);
              break;
            case "advanceTo":
              clock.advanceTo(clock.now().monoMs + action.offsetMs);
              naive.advanceTo(naive.now().monoMs + action.offsetMs);
              break;
            case "jump":
              clock.jumpWallTime(clock.now().wallMs + action.byMs);
              naive.jumpWallTime(naive.now().wallMs + action.byMs);
              break;
            case "tick":
              clock.tick();
              naive.tick();
              break;
          }
          expect(clock.now()).toEqual(naive.now());
          expect(clock.getPendingTimerCount()).toBe(naive.pending());
        }
        expect(events).toEqual(naive.events);
      }),
      { seed: 20_260_101, numRuns: 1_500 },
    );
  });

  it("resolves every wait exactly once, in the order of its events", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ durationMs: fc.integer({ min: 1, max: 9 }), isDeadline: fc.boolean() }), {
          maxLength: 25,
        }),
        fc.array(fc.nat(6), { maxLength: 12 }),
        async (waits, advances) => {
          const clock = createControlledClock();
          const resolved: number[] = [];
          waits.forEach(({ durationMs, isDeadline }, index) => {
            const wait = isDeadline ? clock.deadline({ wallMs: durationMs }) : clock.sleep(ms(durationMs));
            void wait.then(() => resolved.push(index));
          });
          for (const durationMs of advances) {
            clock.advanceBy(durationMs);
            await clock.flush();
            const expected = waits
              .map(({ durationMs: dueMs }, index) => ({ dueMs, index }))
              .filter(({ dueMs }) => dueMs <= clock.now().monoMs)
              .sort((a, b) => a.dueMs - b.dueMs || a.index - b.index)
              .map(({ index }) => index);
            expect(resolved).toEqual(expected);
          }
        },
      ),
      { seed: 20_260_102, numRuns: 200 },
    );
  });
});
