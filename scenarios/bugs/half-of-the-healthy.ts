import { abd } from "../../src/policies/abd.ts";
import { looksHealthy } from "./health-view.ts";
import { plant, withAsking } from "./plant.ts";

/** The quorum is half of those owners that look healthy from here, rounded up. */
export const halfOfTheHealthy = plant(abd, {
  policy: withAsking(abd, (_options, { key }, kit) => {
    const healthy = kit.placement.ownersOf(key).filter((owner) => looksHealthy(kit, owner));
    return { needed: Math.max(1, Math.ceil(healthy.length / 2)) };
  }),
});
