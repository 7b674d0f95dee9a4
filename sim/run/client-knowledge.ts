import type { PlanOperation } from "./plan.ts";
import type { OperationAnswer } from "./system.ts";

/** A value with the version under which a client has last met it. */
interface Known {
  readonly value: string;
  readonly version: string;
}

/**
 * What clients know of the keys, for compare-and-set: the value that they last found or wrote, and its version.
 * As a program does that works on what it has read: it replaces that, or learns that it is outdated.
 */
export interface ClientKnowledge {
  /** What a client may expect in a key; undefined when it knows nothing. */
  expected(planned: PlanOperation): Known | undefined;
  note(planned: PlanOperation, answer: OperationAnswer): void;
}

export function createClientKnowledge(operations: readonly PlanOperation[]): ClientKnowledge | null {
  if (!operations.some(({ kind }) => kind === "compareAndSet")) return null;
  /** By client, then by key. */
  const known = new Map<string, Map<string, Known>>();

  function keysOf(client: string): Map<string, Known> {
    const keys = known.get(client) ?? new Map<string, Known>();
    known.set(client, keys);
    return keys;
  }

  return {
    expected: ({ client, key }) => known.get(client)?.get(key),
    note(planned, { result, value: found, effect, version }) {
      const keys = keysOf(planned.client);
      const value = effect === "wrote" ? (planned.value ?? null) : found;
      // Whoever knows that nothing has happened still knows what it knew.
      if (result === "fail") return;
      if (result === "ok" && value !== null && typeof version === "string") {
        keys.set(planned.key, { value, version });
      } else {
        keys.delete(planned.key);
      }
    },
  };
}
