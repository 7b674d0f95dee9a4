import fc from "fast-check";
import { expect, test } from "vitest";
import { findShortage, type Span } from "../../../sim/check/register/window-cover.ts";

const SEED = 20260118;

function spans(lengthMax: number, countMax: number): fc.Arbitrary<Span[]> {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: lengthMax }))
    .map(([fromUs, length]) => ({ fromUs, untilUs: fromUs + length }));
  return fc.array(span, { maxLength: countMax, size: "max" });
}

function isIn(us: number, { fromUs, untilUs }: Span): boolean {
  return fromUs <= us && us <= untilUs;
}

/** Tries every moment for every source. */
function canServe(windows: readonly Span[], sources: readonly Span[]): boolean {
  const [source, ...others] = sources;
  if (source === undefined || windows.length === 0) return windows.length === 0;
  for (let us = source.fromUs; us <= source.untilUs; us++) {
    if (
      canServe(
        windows.filter((window) => !isIn(us, window)),
        others,
      )
    ) {
      return true;
    }
  }
  return false;
}

test("finds a way to serve all windows exactly if there is one, and otherwise shows why not", () => {
  let shortages = 0;
  let services = 0;
  fc.assert(
    fc.property(spans(4, 5), spans(8, 4), (windows, sources) => {
      const shortage = findShortage(windows, sources);
      expect(shortage === null).toBe(canServe(windows, sources));
      if (shortage === null) {
        services++;
        return;
      }
      shortages++;
      const inOrder = [...shortage.windows].sort((a, b) => a.fromUs - b.fromUs);
      inOrder.forEach((window, index) => {
        const next = inOrder[index + 1];
        if (next !== undefined) expect(window.untilUs).toBeLessThan(next.fromUs);
      });
      const reaching = sources.filter((source) =>
        inOrder.some((window) => source.fromUs <= window.untilUs && window.fromUs <= source.untilUs),
      );
      expect(shortage.sources.length).toBe(shortage.windows.length - 1);
      expect(new Set(shortage.sources)).toEqual(new Set(reaching));
    }),
    { seed: SEED, numRuns: 4000 },
  );
  expect(shortages).toBeGreaterThan(400);
  expect(services).toBeGreaterThan(400);
});
