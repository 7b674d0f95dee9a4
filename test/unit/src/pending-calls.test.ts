import fc from "fast-check";
import { expect, test } from "vitest";
import { createPendingCalls } from "../../../src/transport/pending-calls.ts";

test("behaves as a map from request numbers, whatever comes and goes in whatever order", () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.constant({ kind: "ask" as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("forget" as const), age: fc.nat(60) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("look" as const), age: fc.nat(60) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const calls = createPendingCalls<string>();
      const model = new Map<number, string>();
      let last = 0;
      for (const each of steps) {
        if (each.kind === "ask") {
          last++;
          calls.set(last, `call ${last}`);
          model.set(last, `call ${last}`);
        } else if (each.kind === "forget") {
          calls.delete(last - each.age);
          model.delete(last - each.age);
        } else {
          expect(calls.get(last - each.age)).toBe(model.get(last - each.age));
        }
      }
      expect(calls.all().toSorted()).toEqual([...model.values()].toSorted());
      calls.clear();
      expect(calls.all()).toEqual([]);
    }),
    { seed: 1, numRuns: 300 },
  );
});
