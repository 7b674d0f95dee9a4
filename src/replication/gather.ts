import type { TimerHandle } from "@phyxius/clock";
import type { ReplicaAnswer, ReplicaAnswers } from "../errors.ts";
import type { Hedging } from "./hedging.ts";
import type { Hooks } from "../hooks.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Membership } from "../membership/membership.ts";
import type { Owners } from "../membership/placement.ts";
import type { PendingCall, Rpc } from "../transport/rpc.ts";
import { formatVersion } from "../local/version.ts";
import type { DataRequest, MembershipRequest, ReplyMessage } from "../wire/messages.ts";

/** What all gathers of a node share. */
export interface GatherHost {
  readonly self: string;
  readonly rpc: Rpc;
  readonly incarnations: Incarnations;
  readonly hooks: Hooks;
  readonly membership: Membership;
  /** How to spare replicas that a read may not need; null asks all at once. */
  readonly hedging: Hedging | null;
  /** This node's own vote, without a message; null while it may not vote. */
  readonly answerLocally: (request: GatherRequest) => ReplyMessage | null;
}

export type GatherRequest = DataRequest | MembershipRequest;

/** Replies that count already, in the configuration in which they were given. */
export interface Granted {
  readonly epoch: number;
  /** By place among the targets. */
  readonly replies: readonly (ReplyMessage | null)[];
}

export interface GatherOptions {
  /** The replicas to ask; this node may be one of them. By default the owners of the key, in whatever configuration. */
  readonly targets?: readonly string[] | undefined;
  /** How many have to answer: of the targets or, during a change of members, of each of the two groups of owners. */
  readonly needed: number;
  readonly request: GatherRequest;
  /** From an earlier gather of the same key. */
  readonly granted?: Granted | undefined;
  /** Goes on taking answers when it is complete, until it is abandoned or left to another listener. */
  readonly lingers?: boolean;
}

/**
 * `complete`: enough replicas answered. `refused`: so many refused that enough never can. `superseded`: it asked about
 * a configuration that is past.
 */
export type GatherEnd = "complete" | "refused" | "superseded";

const NONE: readonly string[] = [];

/**
 * One question to several replicas, until enough of them have answered: one promise, whatever the number of
 * messages. It sends again to the silent whenever it is told to, and never gives up by itself.
 *
 * It goes on through a change of members: when this node moves on to another configuration, it begins anew there, with
 * the key's owners of then, and what was answered before counts no more.
 *
 * An answer counts only while no newer life of the replica is known. Why that matters (N = 3: r, a, b):
 *
 *     coordinator          r                    a                    b
 *     store W  ----------> keeps W, confirms
 *                          crashes, comes back
 *                          empty, catches up
 *                          from a and b,        (has not seen W)     (has not seen W)
 *                          votes again
 *     store W  (delayed) ------------------------------------------> keeps W, confirms
 *
 * Two of three confirmed W, yet b alone holds it: a read of r and a would miss it. But b was asked by r's second
 * life before it kept W, so b's confirmation tells of that life; r's own confirmation, from its first, then no
 * longer counts, and W is sent to r again. (Michael, Ports, Sharma and Szekeres, "Recovering Shared Objects
 * Without Stable Storage", DISC 2017: crash-consistent quorums.)
 */
export class Gather implements PendingCall {
  targets: readonly string[];
  needed: number;
  request: GatherRequest;
  /** The configuration in which it asks. */
  epoch: number;
  /** The reply of each target that counts, by its place in `targets`. */
  replies: (ReplyMessage | null)[];
  readonly ended: Promise<GatherEnd>;
  private readonly host: GatherHost;
  /** Places in `targets`: enough of every group have to answer. */
  private groups: Owners["groups"];
  private readonly hasOwnTargets: boolean;
  /** Enough replicas have answered. */
  isComplete = false;
  private readonly lingers: boolean;
  /** Answers to the request come here. */
  private isListening = false;
  private frame: Uint8Array | null = null;
  private resolve: ((end: GatherEnd) => void) | null = null;
  /** When each target was asked; only if not all are asked at once. */
  private askedMs: (number | null)[] | null = null;
  private hedge: TimerHandle | null = null;

  constructor(host: GatherHost, options: GatherOptions) {
    const { membership } = host;
    const { targets, request, granted } = options;
    const owners = targets === undefined ? membership.quorumsOf(keyOf(request)) : allOf(targets);
    this.host = host;
    this.targets = owners.nodes;
    this.groups = owners.groups;
    this.hasOwnTargets = targets !== undefined;
    this.needed = options.needed;
    this.request = request;
    this.lingers = options.lingers === true;
    this.epoch = membership.epoch;
    this.replies =
      granted !== undefined && granted.epoch === this.epoch
        ? [...granted.replies]
        : this.targets.map(() => null);
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** Asks this node itself first, then, unless that was enough, all the others at once. */
  start(): void {
    const { hooks } = this.host;
    if (!hooks.maybe("skip-own-vote")) this.askSelf();
    this.dropOutdated();
    this.settle();
    if (this.resolve === null) return;
    this.host.rpc.expect(this.request.request, this);
    this.isListening = true;
    const { request, groups } = this;
    const { hedging } = this.host;
    const isSpared = request.type === "read" && request.wants === "record" && groups.length === 1;
    if (hedging !== null && isSpared) this.askNearest(hedging);
    else this.sendToSilent();
    if (hooks.maybe("send-twice")) for (const target of this.unanswered()) this.send(target);
  }

  /** Asks again whoever has not answered. Late and repeated answers do no harm. */
  resend(): void {
    if (this.resolve === null) return;
    this.host.hooks.sometimes("asked-again");
    this.askSelf();
    this.dropOutdated();
    this.settle();
    if (this.resolve !== null) this.sendToSilent();
  }

  /** Stops listening; `ended` stays open. Harmless at any time. */
  abandon(): void {
    this.resolve = null;
    this.hedge?.cancel();
    this.hedge = null;
    if (this.isListening) this.host.rpc.forget(this.request.request);
    this.isListening = false;
  }

  /** From now on another one listens to the answers. */
  leave(): void {
    this.isListening = false;
  }

  /** Nothing is waited for any more. */
  get isOver(): boolean {
    return this.resolve === null;
  }

  /** The other nodes that were asked and have not answered. */
  unanswered(): string[] {
    return this.targets.filter(
      (target, place) =>
        this.replies[place] === null && target !== this.host.self && this.askedMs?.[place] !== null,
    );
  }

  answers(): ReplicaAnswers {
    const { targets, replies, needed } = this;
    return {
      replicas: targets.map((node, place) => ({ node, said: saidBy(replies[place]) })),
      answered: targets.filter((_, place) => replies[place] !== null),
      silent: targets.filter((_, place) => replies[place] === null),
      needed,
    };
  }

  /** What was answered and meets the condition, for a further gather of the same key. */
  grant(counts: (reply: ReplyMessage) => boolean): Granted {
    const replies = this.replies.map((reply) => (reply !== null && counts(reply) ? reply : null));
    return { epoch: this.epoch, replies };
  }

  /** Whether replies that meet the condition, and can be of no use, leave too few others in some group. */
  isBlockedBy(isUseless: (reply: ReplyMessage) => boolean): boolean {
    return this.groups.some((places) => {
      let useless = 0;
      for (const place of places) {
        const reply = this.replies[place];
        if (reply !== null && reply !== undefined && isUseless(reply)) useless++;
      }
      return useless > places.length - this.needed;
    });
  }

  /** This node has moved on to another configuration. */
  onMove(): void {
    if (this.resolve === null) return;
    const { host, request } = this;
    if (isAboutMembers(request)) {
      this.end("superseded");
      return;
    }
    host.hooks.sometimes("moved-on");
    host.rpc.forget(request.request);
    this.isListening = false;
    this.request = { ...request, request: host.rpc.nextRequest() };
    this.frame = null;
    this.askedMs = null;
    this.hedge?.cancel();
    this.hedge = null;
    this.epoch = host.membership.epoch;
    if (!this.hasOwnTargets) {
      const { nodes, groups } = host.membership.quorumsOf(keyOf(request));
      this.targets = nodes;
      this.groups = groups;
    }
    this.replies = this.targets.map(() => null);
    this.askSelf();
    this.settle();
    if (this.resolve === null) return;
    host.rpc.expect(this.request.request, this);
    this.isListening = true;
    this.sendToSilent();
  }

  onReply(from: string, reply: ReplyMessage): void {
    // A refusal, of which this node has learnt what there is to learn, if this did not ask for it.
    if (reply.type === "configuration" && !isAboutMembers(this.request)) return;
    const place = this.targets.indexOf(from);
    if (place < 0 || this.replies[place] !== null) return;
    if (reply.incarnation < this.host.incarnations.latestOf(from)) {
      this.host.hooks.sometimes("outdated-answer");
      this.send(from);
      return;
    }
    this.replies[place] = reply;
    this.noteLatency(place);
    if (this.isOver) return;
    const outdated = this.dropOutdated();
    this.settle();
    if (this.resolve !== null) for (const target of outdated) this.send(target);
  }

  onReset(peer: string): void {
    // It may be back within the deadline, with a newer life; the next resend finds out. Others are up.
    if (this.hedge !== null && this.unanswered().includes(peer)) this.askOthers();
  }

  /** Asks as many as are needed, and the others if these do not answer soon. */
  private askNearest(hedging: Hedging): void {
    let missing = this.needed;
    for (const reply of this.replies) if (reply !== null) missing--;
    this.askedMs = this.targets.map(() => null);
    for (const place of hedging.order(this.targets)) {
      const target = this.targets[place] as string;
      if (missing === 0) break;
      if (this.replies[place] !== null || target === this.host.self) continue;
      this.send(target);
      missing--;
    }
    this.hedge = hedging.later(() => this.askOthers());
  }

  private askOthers(): void {
    this.hedge?.cancel();
    this.hedge = null;
    this.host.hooks.sometimes("hedged");
    const { askedMs } = this;
    for (const [place, target] of this.targets.entries()) {
      if (this.replies[place] === null && askedMs?.[place] === null) this.send(target);
    }
  }

  private noteLatency(place: number): void {
    const { hedging } = this.host;
    const askedMs = this.askedMs?.[place];
    if (hedging !== null && askedMs !== undefined && askedMs !== null)
      hedging.note(hedging.nowMs() - askedMs);
  }

  private askSelf(): void {
    const place = this.targets.indexOf(this.host.self);
    if (place >= 0 && this.replies[place] === null) {
      this.replies[place] = this.host.answerLocally(this.request);
    }
  }

  /** Ends it if what has been answered decides it. */
  private settle(): void {
    let isComplete = true;
    for (const places of this.groups) {
      let confirmed = 0;
      let refused = 0;
      for (let index = 0; index < places.length; index++) {
        const reply = this.replies[places[index] as number];
        if (reply === null || reply === undefined) continue;
        if (isRefusal(reply)) refused++;
        else confirmed++;
      }
      if (refused > places.length - this.needed) {
        this.end("refused");
        return;
      }
      if (confirmed < this.needed) isComplete = false;
    }
    if (isComplete) this.end("complete");
  }

  /** Answers from lives that are known to be over stop counting. Returns whose they were. */
  private dropOutdated(): readonly string[] {
    const { incarnations } = this.host;
    if (incarnations.restarted.length === 0) return NONE;
    return this.targets.filter((target, place) => {
      const reply = this.replies[place];
      if (reply === null || reply === undefined) return false;
      if (reply.incarnation >= incarnations.latestOf(target)) return false;
      this.replies[place] = null;
      this.host.hooks.sometimes("outdated-quorum");
      return true;
    });
  }

  private end(end: GatherEnd): void {
    const { resolve } = this;
    this.isComplete = end === "complete";
    if (this.isComplete && this.lingers) {
      this.resolve = null;
      this.hedge?.cancel();
      this.hedge = null;
    } else this.abandon();
    resolve?.(end);
  }

  private sendToSilent(): void {
    for (let place = 0; place < this.targets.length; place++) {
      if (this.replies[place] === null) this.send(this.targets[place] as string);
    }
  }

  private send(target: string): void {
    const { self, hedging } = this.host;
    if (target === self) return;
    if (this.askedMs !== null && hedging !== null) {
      const place = this.targets.indexOf(target);
      this.askedMs[place] ??= hedging.nowMs();
    }
    this.frame ??= this.host.rpc.encode(this.request);
    this.host.rpc.send(target, this.frame);
  }
}

function isAboutMembers({ type }: GatherRequest): boolean {
  return type === "inform" || type === "vote" || type === "take-over";
}

function isRefusal(reply: ReplyMessage): boolean {
  return (
    (reply.type === "store-reply" && !reply.isStored) || (reply.type === "vote-reply" && !reply.isGranted)
  );
}

function allOf(nodes: readonly string[]): Owners {
  return { nodes, groups: [nodes.map((_, place) => place)] };
}

function keyOf(request: GatherRequest): string {
  if (request.type === "store") return request.record.key;
  if (request.type === "read" || request.type === "erase") return request.key;
  throw new RangeError(`a gather of type "${request.type}" is about no key: it needs targets`);
}

function saidBy(reply: ReplyMessage | null | undefined): ReplicaAnswer["said"] {
  if (reply?.type === "store-reply") {
    if (reply.isStored) return "stored";
    return reply.isAhead === true ? "ahead" : "full";
  }
  if (reply?.type !== "read-reply") return null;
  return { version: reply.version === null ? null : formatVersion(reply.version) };
}
