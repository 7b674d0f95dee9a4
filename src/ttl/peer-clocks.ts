/**
 * How this node's monotonic clock relates to those of its peers, as far as messages tell.
 *
 * A peer p stamps each message with its own time b, and this node handles it at its own time c. However long the
 * message was under way, p's clock shows b or more from then on. So if a value ends when this node's clock shows e,
 * then p's clock, which may run slower by the factor k, shows at that moment
 *
 *     b + k (e - c)  =  k e + (b - k c)    or more.
 *
 * Stated so to p, the value ends too early there, never too late. It is early by the time that the message was under
 * way, and by what k leaves for drift. Of all messages that which gives the largest b - k c is the best: one that was
 * fast, and not too long ago. That one number is all that is kept of a peer.
 *
 * Nothing is asked of wall clocks. (One direction of the interval in which K. Marzullo and S. Owicki, "Maintaining the
 * time in a distributed system", PODC 1983, keep the difference of two clocks.)
 */
import { slowestRate, TICK_MS } from "./ttl-clock.ts";

/** The peer's clock, for one of its lives. */
export interface PeerClock {
  readonly life: number;
  /** b - k c. */
  readonly aheadMs: number;
}

export interface PeerClocks {
  /** Null while nothing was heard of the peer. */
  of(peer: string): PeerClock | null;
  /** A message from that life of the peer is handled now. */
  note(peer: string, life: number, sentMs: number): void;
}

/** @param nowMs this node's monotonic time in milliseconds */
export function createPeerClocks(nowMs: () => number, clockDriftPpm: number): PeerClocks {
  const slowest = slowestRate(clockDriftPpm);
  const clocks = new Map<string, PeerClock>();
  return {
    of: (peer) => clocks.get(peer) ?? null,
    note(peer, life, sentMs) {
      // What this node's clock shows may be rounded down.
      const aheadMs = sentMs - slowest * (nowMs() + TICK_MS);
      const known = clocks.get(peer);
      // Another life may count from another beginning.
      if (known !== undefined && (life < known.life || (life === known.life && aheadMs <= known.aheadMs)))
        return;
      clocks.set(peer, { life, aheadMs });
    },
  };
}
