import { abd } from "../../src/policies/abd.ts";
import { createRpc } from "../../src/transport/rpc.ts";
import { plant } from "./plant.ts";

/** An answer to a question of the node's former life is taken for one to its own question of the same number. */
export const answersOfAFormerLife = plant(abd, {
  parts: {
    createRpc: (options) => {
      const { codec, incarnation } = options;
      return createRpc({
        ...options,
        codec: {
          get epoch() {
            return codec.epoch;
          },
          encode: (...args) => codec.encode(...args),
          decode(frame) {
            const message = codec.decode(frame);
            return "requester" in message ? { ...message, requester: incarnation } : message;
          },
        },
      });
    },
  },
});
