/** How a node reaches its peers: datagrams of bytes that may be lost, repeated, late or out of order. */
export interface Transport {
  /** This node's own name. */
  readonly self: string;
  /** Every other node of the cluster, in a fixed order. */
  readonly peers: readonly string[];
  /**
   * Sends and forgets. Never throws for a peer that cannot be reached. From here on nobody changes the frame,
   * neither the sender nor the transport nor the receiver: it may be sent again, and to several peers.
   */
  send(to: string, frame: Uint8Array): void;
  /** The one receiver of what arrives; set once, before the first message. */
  onFrame(receive: (from: string, frame: Uint8Array) => void): void;
  /**
   * Told when a peer is known to have gone away: its connections were reset (it crashed) or refused (it is
   * down). A partition says nothing: silence is all there is.
   */
  onReset(told: (peer: string) => void): void;
}
