import { createControlledClock } from "@phyxius/clock";
import { describe, expect, test } from "vitest";
import {
  type Cache,
  createCache,
  createInMemoryNetwork,
  IndeterminateError,
  type Policy,
  PolicyError,
  type PolicyNode,
  policyNamed,
} from "../../../src/index.ts";

/** A policy that is sound but for what `break` replaces. */
function broken(change: (node: PolicyNode) => Partial<PolicyNode>): Policy {
  const sound = policyNamed("abd") as Policy;
  return {
    ...sound,
    create(kit) {
      const node = sound.create(kit);
      return { ...node, ...change(node) };
    },
  };
}

function pairOf(policy: Policy): [Cache, Cache] {
  const clock = createControlledClock(0);
  const network = createInMemoryNetwork({ nodes: ["n1", "n2"] });
  const cacheOf = (name: string) => createCache({ transport: network.join(name), clock, policy });
  return [cacheOf("n1"), cacheOf("n2")];
}

describe("a policy that throws", () => {
  test("fails the operation with an error of the cache that says so, and the node goes on", async () => {
    const [cache] = pairOf(
      broken(({ get }) => ({
        get: (operation) => {
          if (operation.key === "bad") throw new TypeError("oops");
          return get(operation);
        },
      })),
    );
    await expect(cache.get("bad")).rejects.toThrow(PolicyError);
    await expect(cache.get("bad")).rejects.toThrow(
      'get of "bad": the policy threw "TypeError: oops", which is a bug',
    );
    await cache.set("good", 1);
    expect(await cache.get("good")).toBe(1);
    expect(cache.getStats().failuresByKind).toEqual({ "policy-failed": 2 });
  });

  test("leaves open what became of a write that had been sent", async () => {
    const [cache] = pairOf(
      broken(() => ({
        set(operation) {
          operation.mayHaveHappened = true;
          throw new Error("oops");
        },
      })),
    );
    await expect(cache.set("k", 1)).rejects.toThrow(IndeterminateError);
  });

  test("leaves a question unanswered, which is counted and written down", async () => {
    const [cache, peer] = pairOf(
      broken(({ answer }) => ({
        answer(from, request) {
          if (from === "n1" && request.type === "store") throw new Error("oops");
          return answer(from, request);
        },
      })),
    );
    const end = cache.set("k", 1, 1000, { deadlineMs: 50 }).catch((error: unknown) => error);
    await new Promise(setImmediate);
    expect(peer.getStats().policyErrors).toBe(1);
    expect(peer.getAuditLog({ type: "cache.policy" })).toMatchObject([
      { nodeId: "n1", error: "Error: oops" },
    ]);
    await cache.stop();
    expect(await end).toBeInstanceOf(IndeterminateError);
  });
});
