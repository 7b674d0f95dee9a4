import { countPolicyError } from "../observe/counting.ts";
import type { Hooks } from "../hooks.ts";
import type { Policy, PolicyKit, PolicyNode } from "./policy.ts";

/**
 * A node outlives the bugs of its policy: a question that the policy throws at stays unanswered, as if it had been
 * lost, and is counted. (What it throws in an operation fails that operation: see `explainEnd`.)
 */
export function createGuarded(policy: Policy, kit: PolicyKit): PolicyNode {
  /** How a simulation ends the life of a node inside its code; nobody may hold that up. */
  let death: unknown;
  const hooks: Hooks = {
    maybe: (detour) => kit.hooks.maybe(detour),
    sometimes: (probe) => kit.hooks.sometimes(probe),
    crashpoint(point) {
      try {
        kit.hooks.crashpoint(point);
      } catch (error) {
        death = error;
        throw error;
      }
    },
  };
  const node = policy.create({ ...kit, hooks });
  return {
    ...node,
    answer(from, request) {
      try {
        return node.answer(from, request);
      } catch (error) {
        if (error === death) throw error;
        const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        kit.state.swap(countPolicyError);
        kit.emit({ type: "cache.policy.error", operation: null, nodeId: from, error: text });
        return null;
      }
    },
  };
}
