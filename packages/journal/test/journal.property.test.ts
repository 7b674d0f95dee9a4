import fc from "fast-check";
import { expect, it } from "vitest";
import { createControlledClock } from "@phyxius/clock";
import { Journal, JournalOverflowError, type JournalEntry, type OverflowPolicy } from "@phyxius/journal";

type Step = { do: "append"; count: number } | { do: "clear" } | { do: "advance"; durationMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  // In bursts, so that the ring grows and wraps at many different offsets.
  { weight: 6, arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.nat(25) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("clear" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("advance" as const), durationMs: fc.nat(5) }) },
);

it("a journal behaves as a plain array of its entries, under every policy", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<OverflowPolicy>("none", "bounded:drop_oldest", "bounded:error"),
      fc.integer({ min: 1, max: 40 }),
      fc.array(step, { maxLength: 25 }),
      (overflow, maxEntries, steps) => {
        const clock = createControlledClock();
        const journal = new Journal<string>({ clock, overflow, maxEntries });
        let model: JournalEntry<string>[] = [];
        let nextSequence = 0;
        const heard: number[] = [];
        const expectedHeard: number[] = [];
        journal.subscribe(({ sequence }) => void heard.push(sequence));

        for (const action of steps) {
          if (action.do === "clear") {
            journal.clear();
            model = [];
          } else if (action.do === "advance") {
            clock.advanceBy(action.durationMs);
          } else {
            for (let index = 0; index < action.count; index++) {
              const data = `data ${nextSequence}`;
              if (overflow === "bounded:error" && model.length === maxEntries) {
                expect(() => journal.append(data)).toThrow(JournalOverflowError);
                continue;
              }
              const sequence = nextSequence++;
              const entry = { id: `entry-${sequence}`, sequence, timestamp: clock.now(), data };
              model.push(entry);
              if (overflow === "bounded:drop_oldest") model = model.slice(-maxEntries);
              expectedHeard.push(sequence);
              expect(journal.append(data)).toEqual(entry);
            }
          }
          expect([...journal]).toEqual(model);
          expect(journal.size()).toBe(model.length);
          expect(journal.isEmpty()).toBe(model.length === 0);
          expect(journal.getFirst()).toEqual(model[0]);
          expect(journal.getLast()).toEqual(model.at(-1));
          for (let sequence = -1; sequence <= nextSequence; sequence++) {
            const expected = model.find((entry) => entry.sequence === sequence);
            expect(journal.getEntry(sequence)).toEqual(expected);
          }
        }
        expect(heard).toEqual(expectedHeard);
      },
    ),
    { seed: 20_260_305, numRuns: 150 },
  );
});
