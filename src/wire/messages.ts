import type { Ballot, Votes } from "../membership/agreement.ts";
import type { Configuration } from "../membership/configuration.ts";
import type { TreePath } from "../replication/merkle.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Version } from "../local/version.ts";

/**
 * What nodes say to each other. Every request carries the life of its sender and a number that is unique in that
 * life; the reply repeats both, so that a node never takes a reply to its former life for one of its own.
 */

/** One node's latest life that somebody has heard of. */
export interface KnownIncarnation {
  readonly node: string;
  readonly incarnation: number;
}

interface Request {
  /** The life of the sender, counted from 1. */
  readonly incarnation: number;
  readonly request: number;
}

interface Reply {
  /** The life of the replica that answers. */
  readonly incarnation: number;
  /** The request that it answers, and the life of the node that had asked. */
  readonly request: number;
  readonly requester: number;
  /** Every node that the replica knows to have restarted, itself too; empty while there is none. */
  readonly known: readonly KnownIncarnation[];
}

/** Asks for what a replica holds of a key: everything, or its version only. */
export interface ReadRequest extends Request {
  readonly type: "read";
  readonly key: string;
  readonly wants: "record" | "version";
}

export interface ReadReply extends Reply {
  readonly type: "read-reply";
  /** Null: nothing held. */
  readonly version: Version | null;
  /** Only when the record was wanted. */
  readonly record: CacheRecord | null;
  /** The replica holds nothing of the key and has no room for it. */
  readonly isFull: boolean;
}

/** Asks to keep a record. */
export interface StoreRequest extends Request {
  readonly type: "store";
  readonly record: CacheRecord;
}

/** Asks to forget a key, without a trace. */
export interface EraseRequest extends Request {
  readonly type: "erase";
  readonly key: string;
}

/** The answer to a store or an erase. */
export interface StoreReply extends Reply {
  readonly type: "store-reply";
  /** False: there is no room for a new key. True: the replica now holds this version or a newer one. */
  readonly isStored: boolean;
  /** Stored, that is, a newer version is held: this one. Told where the policy wants to know. */
  readonly newer?: Version;
  /** Not stored, since its version is a stamp too far ahead of the replica's clock. */
  readonly isAhead?: boolean;
}

export interface PingRequest extends Request {
  readonly type: "ping";
}

export interface PongReply extends Reply {
  readonly type: "pong";
}

export interface HeldVersion {
  readonly key: string;
  readonly version: Version;
}

/** Asks, of the keys both own in the range (after, upTo], for records newer than those held here. */
export interface PullRequest extends Request {
  readonly type: "pull";
  /** Null: from the first key. */
  readonly after: string | null;
  /** Null: to the last key. */
  readonly upTo: string | null;
  readonly held: readonly HeldVersion[];
}

export interface PullReply extends Reply {
  readonly type: "pull-reply";
  readonly records: readonly CacheRecord[];
  /** The last key that this page covers; null when it covers all that was asked for. */
  readonly coveredTo: string | null;
  /** Nodes from which the replica, restarted itself, has yet to take over what it may have confirmed. */
  readonly missing: readonly string[];
  /** What binds the replica, as a voter on the next configuration, in its present one. */
  readonly votes: Votes;
  /** The highest counter of a record that the replica has dropped; left out while there is none. */
  readonly forgotten?: number | undefined;
}

/** Tells of a configuration that was decided; whoever knows a newer one answers with that. */
export interface InformRequest extends Request {
  readonly type: "inform";
  readonly configuration: Configuration;
}

/** Asks to vote on what follows the configuration of an epoch: see `agreement.ts`. */
export interface VoteRequest extends Request {
  readonly type: "vote";
  readonly epoch: number;
  readonly ballot: Ballot;
  /** Null asks for a promise. */
  readonly configuration: Configuration | null;
}

export interface VoteReply extends Reply {
  readonly type: "vote-reply";
  readonly isGranted: boolean;
  readonly votes: Votes;
}

/** Asks a new member of a configuration that changes to answer when it has what the old ones hold of its keys. */
export interface TakeOverRequest extends Request {
  readonly type: "take-over";
  readonly epoch: number;
}

/**
 * The configuration in which the replica is: it was told of this one or a newer one, or has taken over all, or must
 * refuse a request of an older epoch.
 */
export interface ConfigurationReply extends Reply {
  readonly type: "configuration";
  readonly configuration: Configuration;
}

/** Asks an owner to tell of whatever replaces a version of a key: the sender has a copy of it. */
export interface WatchRequest extends Request {
  readonly type: "watch";
  readonly key: string;
  readonly version: Version;
}

/** How an owner numbers what it tells one peer: in a channel, which has a number too. */
interface Channelled {
  /** Unique in the life of the owner. */
  readonly channel: number;
  /** How many invalidations it has sent in this channel. */
  readonly sequence: number;
}

export interface WatchReply extends Reply, Channelled {
  readonly type: "watch-reply";
  /** False: the owner holds a newer version, or has no room for another watch. */
  readonly isWatched: boolean;
  /** For how long the version may be served, in milliseconds from now; null when the owner does not hold it. */
  readonly remainingMs: number | null;
}

/** Asks an owner how much it has sent. */
export interface RenewRequest extends Request {
  readonly type: "renew";
}

export interface RenewReply extends Reply, Channelled {
  readonly type: "renew-reply";
}

/** A version that the receiver has a copy of was replaced. Nobody answers. */
export interface InvalidateMessage extends Request, Channelled {
  readonly type: "invalidate";
  /** The life of the receiver that watched. */
  readonly holder: number;
  readonly key: string;
}

/** A range of keys, and the digest of what the asker holds there of the keys that both own. */
export interface TreeRange extends TreePath {
  readonly digest: number;
}

/** Asks in which of these ranges both do not hold the same: see `MerkleTree`. */
export interface TreeRequest extends Request {
  readonly type: "tree";
  readonly ranges: readonly TreeRange[];
}

/** A range that differs: digests of the ranges that it is made of, or all that the replica holds in it. */
export interface TreeBranch extends TreePath {
  /** As many as a range has branches, or none. */
  readonly digests: readonly number[];
  readonly held: readonly HeldVersion[];
}

export interface TreeReply extends Reply {
  readonly type: "tree-reply";
  readonly branches: readonly TreeBranch[];
}

/** Asks for the records of these keys; a pull reply answers it. */
export interface FetchRequest extends Request {
  readonly type: "fetch";
  readonly keys: readonly string[];
}

/** What JSON can say: the part of a policy's message that is the policy's own. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * Tells an owner of records that nobody needs any more but to keep older ones of their keys out, and asks it to hold
 * these versions, or newer ones.
 */
export interface SettleRequest extends Request {
  readonly type: "settle";
  /** Without their values. */
  readonly records: readonly CacheRecord[];
}

export interface SettleReply extends Reply {
  readonly type: "settle-reply";
  /** Keys of which the replica does not vouch for holding what was asked for. */
  readonly refused: readonly string[];
}

/** Every owner has held these versions or newer ones: whoever holds just these may drop them. Nobody answers. */
export interface ForgetMessage extends Request {
  readonly type: "forget";
  readonly held: readonly HeldVersion[];
}

/**
 * A step of a protocol that only the policy knows. Decoding has checked that it is well formed and no longer than a
 * frame may be; what `kind` and `body` may be the policy must check itself, as with any message.
 */
export interface PolicyRequest extends Request {
  readonly type: "policy";
  readonly kind: string;
  readonly key: string;
  /** A record travels apart from the body: it is written in fewer bytes, and checked. */
  readonly record: CacheRecord | null;
  readonly body: Json;
}

export interface PolicyReply extends Reply {
  readonly type: "policy-reply";
  readonly record: CacheRecord | null;
  readonly body: Json;
}

/** Requests about one key, which the replication policy answers. */
export type DataRequest = ReadRequest | StoreRequest | EraseRequest | PolicyRequest;

/** Requests about who belongs to the cluster: answered whatever the epoch of their frame. */
export type MembershipRequest = InformRequest | VoteRequest | TakeOverRequest;

export type MembershipReply = VoteReply | ConfigurationReply;

export type RequestMessage =
  | DataRequest
  | PingRequest
  | PullRequest
  | TreeRequest
  | FetchRequest
  | SettleRequest
  | ForgetMessage
  | WatchRequest
  | RenewRequest
  | InvalidateMessage
  | MembershipRequest;

export type ReplyMessage =
  | ReadReply
  | StoreReply
  | PongReply
  | PullReply
  | TreeReply
  | SettleReply
  | WatchReply
  | RenewReply
  | PolicyReply
  | MembershipReply;

export type Message = RequestMessage | ReplyMessage;

export const NO_INCARNATIONS: readonly KnownIncarnation[] = [];

export function isReply(message: Message): message is ReplyMessage {
  switch (message.type) {
    case "read":
    case "store":
    case "erase":
    case "ping":
    case "pull":
    case "inform":
    case "vote":
    case "take-over":
    case "watch":
    case "renew":
    case "invalidate":
    case "tree":
    case "fetch":
    case "settle":
    case "forget":
    case "policy":
      return false;
    case "read-reply":
    case "store-reply":
    case "pong":
    case "pull-reply":
    case "vote-reply":
    case "configuration":
    case "watch-reply":
    case "renew-reply":
    case "tree-reply":
    case "settle-reply":
    case "policy-reply":
      return true;
  }
}
