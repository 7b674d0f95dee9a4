import type { Store } from "../local/store.ts";
import type { Votes } from "../membership/agreement.ts";
import type { CatchUpWatch } from "../replication/catch-up.ts";
import type { Hooks } from "../hooks.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { CacheRecord } from "../local/record.ts";
import type { PendingCall, Rpc } from "../transport/rpc.ts";
import type { Pulled } from "../state.ts";
import { compareVersions, type Version } from "../local/version.ts";
import type { PullReply, PullRequest, ReplyMessage } from "../wire/messages.ts";

/** What both ends of a pull work with. */
export interface PullHost {
  readonly rpc: Rpc;
  /** Hands records to the store; calls back, perhaps later, whether it could keep them all. */
  readonly takeOver: (records: readonly CacheRecord[], done: (isWhole: boolean) => void) => void;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  /** What binds this node as a voter on the next configuration. */
  readonly votes: () => Votes;
  /** The records of the keys that both own, sorted by key. */
  readonly sharedWith: (peer: string) => readonly CacheRecord[];
  readonly store: Store;
  readonly hooks: Hooks;
}

/** How many versions one request names, at most. */
const HELD_PER_PAGE = 256;
/** A reply ends with the record that reaches this many characters. */
export const PAGE_CHARACTERS = 65_536;
/** What a record takes besides its key and value, roughly. */
export const RECORD_CHARACTERS = 64;

/**
 * Fetches from one peer whatever it holds newer than this node, of the keys that both own: page by page in the
 * order of the keys, each page asked for when the one before has arrived. What arrives is applied by version,
 * so it does not matter what else happens meanwhile, nor how often a page comes.
 */
export class PullSession implements PendingCall {
  readonly peer: string;
  /** True when it ended, or got anywhere, since this was last set to false. */
  hasProgressed = false;
  /** A page has come and is not taken over yet. */
  isTakingOver = false;
  isOver = false;
  private readonly host: PullHost;
  private readonly onWhole: () => void;
  private readonly shared: readonly CacheRecord[];
  private request: PullRequest;
  private frame: Uint8Array;
  /** Place in `shared` of the first record that the current page names. */
  private next = 0;
  /** The life of the giver, and from whom it misses something, as of the first page. */
  private given: Pulled | null = null;
  /** False when the giver restarted in between, or something could not be kept. */
  private isWhole = true;

  /** @param onWhole called when all that the peer has to give has come */
  constructor(host: PullHost, peer: string, onWhole: () => void = () => undefined) {
    this.host = host;
    this.onWhole = onWhole;
    this.peer = peer;
    this.shared = host.sharedWith(peer);
    const { rpc } = host;
    this.request = this.page(null);
    this.frame = rpc.encode(this.request);
    rpc.expect(this.request.request, this);
  }

  /** Sends the current request, for the first time or again. */
  send(): void {
    this.host.rpc.send(this.peer, this.frame);
  }

  end(): void {
    this.isOver = true;
    this.hasProgressed = true;
    this.host.rpc.forget(this.request.request);
  }

  onReply(from: string, reply: ReplyMessage): void {
    if (from === this.peer && reply.type === "pull-reply") this.take(reply);
  }

  /** What it was given it keeps, but the rest must come from nodes of the new configuration. */
  onMove(): void {
    this.end();
  }

  onReset(): void {
    // Whoever ticks this session finds it without progress and starts another one.
  }

  private take(reply: PullReply): void {
    const { incarnation, known, forgotten = 0 } = reply;
    this.host.store.noteForgotten(forgotten);
    this.given ??= { incarnation, missing: reply.missing, known };
    if (incarnation !== this.given.incarnation) this.isWhole = false;
    // One copy of the page is enough.
    this.host.rpc.forget(this.request.request);
    this.isTakingOver = true;
    if (reply.records.length > 0) this.host.hooks.sometimes("replicas-repaired");
    this.host.takeOver(reply.records, (isWhole) => {
      this.isTakingOver = false;
      if (!isWhole) this.isWhole = false;
      if (!this.isOver) this.tookOver(reply, this.given as Pulled);
    });
  }

  private tookOver({ coveredTo, known, votes }: PullReply, given: Pulled): void {
    const { hooks, catchUp } = this.host;
    const { upTo } = this.request;
    const covered = coveredTo ?? upTo;
    if (covered !== null) {
      hooks.sometimes("several-pages");
      hooks.crashpoint("between-pages");
      this.goOn(covered);
      return;
    }
    const couldVote = catchUp.isDone();
    if (this.isWhole) catchUp.notePulled(this.peer, { ...given, known }, votes);
    if (!couldVote && catchUp.isDone()) hooks.sometimes("caught-up");
    this.end();
    this.onWhole();
  }

  private goOn(after: string | null): void {
    const { rpc } = this.host;
    this.hasProgressed = true;
    rpc.forget(this.request.request);
    this.request = this.page(after);
    this.frame = rpc.encode(this.request);
    rpc.expect(this.request.request, this);
    this.send();
  }

  /** Names the versions held of the keys after `after`, as many as fit; the last page reaches to the end. */
  private page(after: string | null): PullRequest {
    if (after !== null) this.skipTo(after);
    const held = this.shared.slice(this.next, this.next + HELD_PER_PAGE);
    const isLast = this.next + held.length === this.shared.length;
    return {
      type: "pull",
      incarnation: this.host.rpc.incarnation,
      request: this.host.rpc.nextRequest(),
      after,
      upTo: isLast ? null : (held.at(-1)?.key ?? null),
      held: held.map(({ key, version }) => ({ key, version })),
    };
  }

  private skipTo(after: string): void {
    const { shared } = this;
    while (this.next < shared.length && (shared[this.next] as CacheRecord).key <= after) this.next++;
  }
}

/** The other end: the records of the asked range that are newer here, or unknown there. */
export function answerPull(host: PullHost, from: string, request: PullRequest): PullReply {
  const held = new Map<string, Version>(request.held.map(({ key, version }) => [key, version]));
  const records: CacheRecord[] = [];
  let characters = 0;
  const charactersMax = host.hooks.maybe("short-pages") ? 1 : PAGE_CHARACTERS;
  let coveredTo: string | null = null;
  for (const record of host.sharedWith(from)) {
    if (request.after !== null && record.key <= request.after) continue;
    if (request.upTo !== null && record.key > request.upTo) break;
    if (characters >= charactersMax) {
      coveredTo = (records.at(-1) as CacheRecord).key;
      break;
    }
    const version = held.get(record.key);
    if (version !== undefined && compareVersions(record.version, version) <= 0) continue;
    records.push(record);
    characters += RECORD_CHARACTERS + record.key.length + (record.value?.length ?? 0);
  }
  const forgotten = host.store.forgotten();
  return {
    type: "pull-reply",
    incarnation: host.rpc.incarnation,
    request: request.request,
    requester: request.incarnation,
    known: host.incarnations.restarted,
    records,
    coveredTo,
    missing: host.catchUp.missing(),
    votes: host.votes(),
    ...(forgotten > 0 && { forgotten }),
  };
}
