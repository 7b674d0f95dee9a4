/**
 * Between a node and its peers where times to live are relative: what goes out is stamped, and what comes in has its
 * deadlines restated in this node's monotonic time. Nothing else of the node knows that others have other clocks.
 *
 * A message with a deadline whose sender has never heard of this life cannot be restated. It is refused, as a network
 * may lose it, and answered with a ping, whose stamp tells the sender what it was missing; what must not be lost is
 * sent again anyway. A node that starts pings everybody, so that hardly ever happens; and never to a reply, since the
 * question was stamped.
 */
import type { Clock } from "@phyxius/clock";
import type { Transport } from "../transport/transport.ts";
import type { Codec } from "../wire/codec.ts";
import type { Message } from "../wire/messages.ts";
import { WireError } from "../wire/wire-error.ts";
import { createPeerClocks, type PeerClocks } from "./peer-clocks.ts";
import { restate, type Restating } from "./restate.ts";
import { readStamp, type Stamp, stamped, withoutStamp } from "./stamp.ts";
import { slowestRate } from "./ttl-clock.ts";

export interface RelativeLinkOptions {
  readonly transport: Transport;
  readonly codec: Codec;
  readonly clock: Pick<Clock, "now">;
  readonly incarnation: number;
  readonly clockDriftPpm: number;
}

export interface RelativeLink {
  readonly transport: Transport;
  readonly codec: Codec;
}

/** Transport and codec belong together: a frame must be decoded before the next one is received. */
export function createRelativeLink(options: RelativeLinkOptions): RelativeLink {
  const { transport, codec, clock, incarnation, clockDriftPpm } = options;
  const nowMs = (): number => clock.now().monoMs;
  const peers = createPeerClocks(nowMs, clockDriftPpm);
  const relative = new RelativeCodec(codec, {
    peers,
    nowMs,
    incarnation,
    slowest: slowestRate(clockDriftPpm),
  });
  return {
    codec: relative,
    transport: {
      self: transport.self,
      peers: transport.peers,
      onReset: (told) => transport.onReset(told),
      send(to, frame) {
        transport.send(to, stamped(frame, { sentMs: nowMs(), receiver: peers.of(to) }));
      },
      onFrame(receive) {
        transport.onFrame((from, frame) => {
          relative.sender = from;
          receive(from, frame);
        });
      },
    },
  };
}

interface Times {
  readonly peers: PeerClocks;
  readonly nowMs: () => number;
  readonly incarnation: number;
  readonly slowest: number;
}

/** A class for the reason that the codec is one: a property that changes. */
class RelativeCodec implements Codec {
  epoch = 1;
  /** Whose frame is decoded next. */
  sender = "";
  private readonly codec: Codec;
  private readonly times: Times;

  constructor(codec: Codec, times: Times) {
    this.codec = codec;
    this.times = times;
  }

  encode(message: Message, epoch?: number): Uint8Array {
    return this.codec.encode(message, epoch);
  }

  decode(bytes: Uint8Array): Message {
    const { codec, sender, times } = this;
    const stamp = readStamp(bytes);
    const message = codec.decode(withoutStamp(bytes));
    this.epoch = codec.epoch;
    times.peers.note(sender, message.incarnation, stamp.sentMs);
    return restate(message, restatingOf(stamp, sender, times));
  }
}

function restatingOf({ sentMs, receiver }: Stamp, sender: string, times: Times): Restating {
  const { nowMs, incarnation, slowest } = times;
  return {
    span: (spanMs) => slowest * spanMs,
    deadline(deadlineMs) {
      if (receiver === null || receiver.life !== incarnation) {
        throw new WireError(
          "clock",
          `a deadline by the clock of ${sender}, which does not know the clock of this life`,
        );
      }
      // The message itself has taken no time at the least. So much follows from the other, but for lives that share a
      // number although they must not: then the value ends late by no more than the message was under way.
      const atMostMs = nowMs() + slowest * (deadlineMs - sentMs);
      return Math.min(slowest * deadlineMs + receiver.aheadMs, atMostMs);
    },
  };
}
