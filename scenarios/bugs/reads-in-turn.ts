import { createOperations } from "../../src/operations/operations.ts";
import { abd } from "../../src/policies/abd.ts";
import { plant, withNode } from "./plant.ts";

/** Longer than any run, in milliseconds. */
const FOREVER_MS = 2_000_000_000;

/** A get asks the owners one by one, each once, and waits for each as long as it takes. */
export const readsInTurn = plant(abd, {
  policy: withNode(abd, (node, { self, incarnation, placement, rpc }) => ({
    async get(operation) {
      const { key } = operation;
      for (const owner of placement.ownersOf(key)) {
        if (owner === self) continue;
        const request = rpc.nextRequest();
        await rpc.ask(owner, { type: "read", incarnation, request, key, wants: "record" }).catch(() => null);
      }
      return node.get(operation);
    },
  })),
  parts: {
    createOperations(options) {
      const operations = createOperations(options);
      return {
        ...operations,
        begin: (kind, key, deadlineMs) =>
          operations.begin(kind, key, kind === "get" ? FOREVER_MS : deadlineMs),
      };
    },
  },
});
