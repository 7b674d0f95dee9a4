import { abd } from "../../src/policies/abd.ts";
import { looksHealthy } from "./health-view.ts";
import { plant, withAsking } from "./plant.ts";

/** Half of nobody is nobody: with no healthy peer a write needs no confirmation. */
export const writeWithoutReplicas = plant(abd, {
  policy: withAsking(abd, (_options, { kind }, kit) => {
    const isAlone = !kit.peers.some((peer) => looksHealthy(kit, peer));
    return isAlone && kind !== "get" ? { needed: 0 } : {};
  }),
});
