import { abd } from "../../src/policies/abd.ts";
import { plant, withNode } from "./plant.ts";

/** An owner that coordinates a set stores the value before it asks anybody, and leaves it there when nobody agrees. */
export const storedHereFirst = plant(abd, {
  policy: withNode(abd, (node, { self, incarnation, placement, store }) => ({
    set(operation, value, ttlMs) {
      const { key, number, startedMs } = operation;
      if (placement.ownersOf(key).includes(self)) {
        const counter = (store.get(key)?.version.counter ?? 0) + 1;
        const version = { counter, node: self, incarnation };
        store.apply({ key, version, value, expireAtMs: startedMs + ttlMs, operation: number });
      }
      return node.set(operation, value, ttlMs);
    },
  })),
});
