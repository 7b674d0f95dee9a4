import { createCodec } from "../../../src/wire/codec.ts";
import type { Message } from "../../../src/wire/messages.ts";
import type { Transport } from "../../../src/transport/transport.ts";

export interface InFlight {
  readonly from: string;
  readonly to: string;
  readonly frame: Uint8Array;
  readonly message: Message;
}

export interface Wanted {
  readonly from?: string;
  readonly to?: string;
  readonly type?: Message["type"];
}

export interface ScriptedNetwork {
  /** Sent and neither delivered nor dropped, oldest first. */
  readonly inFlight: readonly InFlight[];
  /** A new life of the node gets what is delivered to it from now on. */
  join(node: string): Transport;
  /** Delivers the matching messages that are in flight, and what they set off if that matches too. */
  deliver(wanted: Wanted): Promise<number>;
  /** Loses the matching messages that are in flight. */
  drop(wanted: Wanted): void;
  /** Delivers a frame again, or one that nobody sent. */
  inject(from: string, to: string, frame: Uint8Array): void;
}

/** A network in which nothing arrives unless the test says so. */
export function createScriptedNetwork(nodes: readonly string[], flush: () => Promise<void>): ScriptedNetwork {
  const codec = createCodec({ frameBytesMax: 1_000_000 });
  const receivers = new Map<string, (from: string, frame: Uint8Array) => void>();
  let inFlight: InFlight[] = [];

  function matches({ from, to, message }: InFlight, wanted: Wanted): boolean {
    return (
      (wanted.from === undefined || wanted.from === from) &&
      (wanted.to === undefined || wanted.to === to) &&
      (wanted.type === undefined || wanted.type === message.type)
    );
  }

  return {
    get inFlight() {
      return inFlight;
    },
    join: (node) => ({
      self: node,
      peers: nodes.filter((other) => other !== node),
      send(to, frame) {
        inFlight.push({ from: node, to, frame, message: codec.decode(frame) });
      },
      onFrame(receive) {
        receivers.set(node, receive);
      },
      onReset() {},
    }),
    async deliver(wanted) {
      let delivered = 0;
      for (;;) {
        await flush();
        const next = inFlight.find((sent) => matches(sent, wanted));
        if (next === undefined) return delivered;
        inFlight = inFlight.filter((sent) => sent !== next);
        receivers.get(next.to)?.(next.from, next.frame);
        delivered++;
      }
    },
    drop(wanted) {
      inFlight = inFlight.filter((sent) => !matches(sent, wanted));
    },
    inject(from, to, frame) {
      receivers.get(to)?.(from, frame);
    },
  };
}
