import { expect, test } from "vitest";
import { invariants } from "../../sim/check/index.ts";
import { planOf } from "../../sim/search/harness.ts";
import { cacheSystem } from "../../sim/systems/cache.ts";
import { recordedChoices } from "./recorded-choices.ts";
import { loadedScenario, type Pair } from "./scenario-files.ts";

export function testAddressableChoices(pairs: readonly Pair[]): void {
  test.each(pairs)(
    "of the cache ($scenario, $policy) each choice can be addressed by itself",
    async ({ scenario, policy }) => {
      const harness = { systems: [cacheSystem], invariants };
      const drawn = planOf(harness, { scenario: loadedScenario(scenario), policy }, 1);
      const choices = await recordedChoices(drawn, cacheSystem);
      expect(choices.size).toBeGreaterThan(100);
      for (const { quantile } of choices.values()) {
        expect(quantile).toBeGreaterThanOrEqual(0);
        expect(quantile).toBeLessThan(1);
      }
    },
  );
}
