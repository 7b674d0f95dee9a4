import type { Clock } from "@phyxius/clock";
import { type ChannelState, OwnerChannel } from "../../src/near/channel.ts";
import { createNearCopies } from "../../src/near/near-copies.ts";
import { abd } from "../../src/policies/abd.ts";
import { NEAR } from "./near.ts";
import { plant } from "./plant.ts";

/** What an owner grants counts from when its answer comes, not from when it was asked for. */
class LateChannel extends OwnerChannel {
  private readonly clock: Clock;
  private readonly staleMsMax: number;

  constructor(clock: Clock, staleMsMax: number) {
    super();
    this.clock = clock;
    this.staleMsMax = staleMsMax;
  }

  override answered(now: ChannelState): boolean {
    return super.answered(now, this.clock.now().monoMs + this.staleMsMax);
  }
}

export const leaseFromItsArrival = plant(
  abd,
  {
    parts: {
      createNearCopies: (options) =>
        createNearCopies({
          ...options,
          createChannel: () => new LateChannel(options.clock, options.staleMsMax),
        }),
    },
  },
  NEAR,
);
