import { ConnectionResetError } from "../errors.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Membership } from "../membership/membership.ts";
import { createPendingCalls } from "./pending-calls.ts";
import type { RejectedFrameKind } from "../observe/statistics.ts";
import type { Transport } from "./transport.ts";
import type { Codec } from "../wire/codec.ts";
import { isReply, type Message, type ReplyMessage, type RequestMessage } from "../wire/messages.ts";
import { WireError } from "../wire/wire-error.ts";

/** Somebody who waits for replies to one request, from one peer or from several. */
export interface PendingCall {
  onReply(from: string, reply: ReplyMessage): void;
  /** The peer's connection is gone; it may never have seen the request. */
  onReset(peer: string): void;
  /** This node has moved on to another configuration, and whoever was asked may refuse. */
  onMove?(): void;
}

/** Answers a request at once; null when it is answered later, with `send`, or not at all. */
export type AnswerRequest = (from: string, request: RequestMessage) => ReplyMessage | null;

/**
 * Requests and replies over datagrams. Serving a request is one synchronous pass (decode, answer, encode, send);
 * no promise is made but for a caller that waits.
 */
export interface Rpc {
  /** This node's life; goes into every message it sends. */
  readonly incarnation: number;
  /** A number for the next request, never used before in this life. */
  nextRequest(): number;
  encode(message: Message): Uint8Array;
  send(to: string, frame: Uint8Array): void;
  /** Replies to `request` go to `call` until it is forgotten. */
  expect(request: number, call: PendingCall): void;
  forget(request: number): void;
  /**
   * Asks one peer and waits, however long it takes: silence is not an error.
   * @throws ConnectionResetError when the peer is known to have gone away
   */
  ask(peer: string, request: RequestMessage): Promise<ReplyMessage>;
  /** A reply that did not come over the network: this node's own. */
  deliver(from: string, reply: ReplyMessage): void;
  /** Drops all that is pending; what arrives from now on is ignored. */
  stop(): void;
}

export interface RpcOptions {
  readonly transport: Transport;
  readonly codec: Codec;
  readonly incarnation: number;
  readonly incarnations: Incarnations;
  readonly membership: Membership;
  /** A peer is in a newer configuration. */
  readonly onBehind: (peer: string) => void;
  readonly answer: AnswerRequest;
  readonly onRejected: (from: string, kind: RejectedFrameKind) => void;
}

export function createRpc(options: RpcOptions): Rpc {
  const { transport, codec, incarnation, incarnations, membership, answer, onBehind, onRejected } = options;
  const peers = new Set(transport.peers);
  const pending = createPendingCalls<PendingCall>();
  let lastRequest = 0;
  let isStopped = false;

  function receive(from: string, frame: Uint8Array): void {
    if (isStopped) return;
    if (!peers.has(from)) {
      onRejected(from, "unknown-node");
      return;
    }
    let message: Message;
    try {
      message = codec.decode(frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      onRejected(from, error.kind);
      return;
    }
    // Before anything else: an answer must not be given, nor counted, in ignorance of a life it comes from.
    if (message.incarnation > 1) incarnations.learn(from, message.incarnation);
    const { epoch } = codec;
    if (epoch > membership.epoch) onBehind(from);
    if (isReply(message)) settle(from, message);
    else {
      const reply = epoch === membership.epoch ? answer(from, message) : answerAcross(from, message, epoch);
      if (reply !== null) transport.send(from, encode(reply));
    }
  }

  /**
   * A request of another epoch than this node's. An older one is refused, and told why: what this node has given to
   * the owners of its keys since must stay complete. A newer one waits until this node knows the configuration: it
   * will be sent again.
   */
  function answerAcross(from: string, request: RequestMessage, epoch: number): ReplyMessage | null {
    if (!dependsOnEpoch(request)) return answer(from, request);
    if (epoch > membership.epoch) return null;
    return {
      type: "configuration",
      incarnation,
      request: request.request,
      requester: request.incarnation,
      known: incarnations.restarted,
      configuration: membership.configuration,
    };
  }

  function encode(message: Message): Uint8Array {
    return codec.encode(message, membership.epoch);
  }

  function settle(from: string, reply: ReplyMessage): void {
    // To a question of this node's former life: it is not ours, though the numbers may be the same.
    if (reply.requester !== incarnation) return;
    incarnations.learnAll(reply.known);
    if (reply.type === "configuration") membership.adopt(reply.configuration);
    pending.get(reply.request)?.onReply(from, reply);
  }

  membership.onMove(() => {
    for (const call of pending.all()) call.onMove?.();
  });
  transport.onFrame(receive);
  transport.onReset((peer) => {
    if (isStopped) return;
    for (const call of pending.all()) call.onReset(peer);
  });

  return {
    incarnation,
    nextRequest: () => ++lastRequest,
    encode,
    send(to, frame) {
      if (!isStopped) transport.send(to, frame);
    },
    expect: (request, call) => pending.set(request, call),
    forget: (request) => pending.delete(request),
    ask(peer, request) {
      return new Promise((resolve, reject) => {
        pending.set(request.request, {
          onReply(from, reply) {
            if (from !== peer) return;
            pending.delete(request.request);
            resolve(reply);
          },
          onReset(gone) {
            if (gone !== peer) return;
            pending.delete(request.request);
            reject(new ConnectionResetError(peer));
          },
        });
        transport.send(peer, encode(request));
      });
    },
    deliver: settle,
    stop() {
      isStopped = true;
      pending.clear();
    },
  };
}

function dependsOnEpoch({ type }: RequestMessage): boolean {
  return type !== "ping" && type !== "inform" && type !== "vote" && type !== "take-over";
}
