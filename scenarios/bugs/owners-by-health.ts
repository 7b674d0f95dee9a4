import { abd } from "../../src/policies/abd.ts";
import { looksHealthy } from "./health-view.ts";
import { plant, withAsking } from "./plant.ts";

/** Whoever looks unhealthy from here is replaced, as an owner, by the next node that does not. */
export const ownersByHealth = plant(abd, {
  policy: withAsking(abd, (_options, { key }, kit) => {
    const { self, peers, placement } = kit;
    const owners = placement.ownersOf(key);
    const others = [self, ...peers].filter((node) => !owners.includes(node)).sort();
    const healthy = [...owners, ...others].filter((node) => looksHealthy(kit, node));
    const targets = healthy.length < owners.length ? owners : healthy.slice(0, owners.length);
    // What was granted, was granted by place.
    return { targets, granted: undefined };
  }),
});
