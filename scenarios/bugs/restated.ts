import type { NodeParts } from "../../src/node/parts.ts";
import { type Restating, restate } from "../../src/ttl/restate.ts";
import { createRelativeLink } from "../../src/ttl/relative-link.ts";
import { readStamp, withoutStamp } from "../../src/ttl/stamp.ts";
import type { Codec } from "../../src/wire/codec.ts";

/** A node that makes something else of the deadlines in messages. @param nowMs its own monotonic time */
export function restatedBy(
  times: (sentMs: number, nowMs: number) => Restating,
): Pick<NodeParts, "createRelativeLink"> {
  return {
    createRelativeLink(options) {
      const link = createRelativeLink(options);
      const codec: Codec = {
        encode: (message, epoch) => link.codec.encode(message, epoch),
        decode(bytes) {
          // As it should be: for what it learns, and for what it refuses.
          link.codec.decode(bytes);
          const { sentMs } = readStamp(bytes);
          const message = options.codec.decode(withoutStamp(bytes));
          return restate(message, times(sentMs, options.clock.now().monoMs));
        },
        get epoch() {
          return link.codec.epoch;
        },
      };
      return { ...link, codec };
    },
  };
}
