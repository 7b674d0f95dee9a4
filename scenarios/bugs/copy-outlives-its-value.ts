import { createNearCopies } from "../../src/near/near-copies.ts";
import { abd } from "../../src/policies/abd.ts";
import type { Rpc } from "../../src/transport/rpc.ts";
import { NEAR } from "./near.ts";
import { plant } from "./plant.ts";

/** How long a copy may live, whatever its owners say: five minutes. */
const COPY_MS = 300_000;

/** A near copy lives for a fixed time instead of for what is left of its value's. */
export const copyOutlivesItsValue = plant(
  abd,
  {
    parts: {
      createNearCopies: (options) =>
        createNearCopies({
          ...options,
          rpc: withFixedLives(options.rpc),
          store: {
            ...options.store,
            get(key) {
              const record = options.store.get(key);
              return record && { ...record, expireAtMs: options.ttl.nowMs() + COPY_MS };
            },
          },
        }),
    },
  },
  NEAR,
);

function withFixedLives(rpc: Rpc): Rpc {
  return {
    ...rpc,
    expect(request, call) {
      rpc.expect(request, {
        onReset: (peer) => call.onReset(peer),
        onReply(from, reply) {
          const isTold = reply.type === "watch-reply" && reply.remainingMs !== null;
          call.onReply(from, isTold ? { ...reply, remainingMs: COPY_MS } : reply);
        },
      });
    },
  };
}
