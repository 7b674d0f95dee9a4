import { NO_VOTES } from "../membership/agreement.ts";
import { type TreePath, childPaths, DEPTH_MAX, ROOT } from "../replication/merkle.ts";
import type { CacheRecord } from "../local/record.ts";
import type { PendingCall } from "../transport/rpc.ts";
import type { SharedTrees } from "../replication/shared-trees.ts";
import { compareVersions } from "../local/version.ts";
import type {
  FetchRequest,
  PullReply,
  ReplyMessage,
  RequestMessage,
  TreeBranch,
  TreeReply,
  TreeRequest,
} from "../wire/messages.ts";
import { PAGE_CHARACTERS, type PullHost, RECORD_CHARACTERS } from "./pull.ts";

/** What both ends of a comparison work with. */
export interface TreeHost extends PullHost {
  readonly trees: SharedTrees;
}

/** How many ranges one request compares at most. */
const PATHS_MAX = 16;
/** Keys are named when so few, or fewer, are left in a range. */
const NAMED_MAX = 32;
/** How many records one request fetches at most. */
const FETCHED_MAX = 256;

/**
 * Fetches from one peer whatever it holds newer than this node, of the keys that both own: compares the two trees
 * from their roots down, and fetches what turns out to be newer there. If all is equal that is one short message each
 * way. What is newer here the peer finds out when it is its turn to ask.
 */
export class TreeSession implements PendingCall {
  readonly peer: string;
  isOver = false;
  private readonly host: TreeHost;
  private request: RequestMessage | null = null;
  /** Ranges to compare; the deepest are compared first, so there are never many. */
  private readonly open: TreePath[] = [ROOT];
  /** Keys to fetch. */
  private wanted: string[] = [];

  constructor(host: TreeHost, peer: string) {
    this.host = host;
    this.peer = peer;
  }

  /** Takes the next step; the first, when it is new. */
  send(): void {
    const { rpc, hooks } = this.host;
    const request = this.nextRequest();
    if (request === null) {
      this.end();
      return;
    }
    if (request.type === "fetch") hooks.sometimes("differences-found");
    this.request = request;
    rpc.expect(request.request, this);
    rpc.send(this.peer, rpc.encode(request));
  }

  end(): void {
    this.isOver = true;
    if (this.request !== null) this.host.rpc.forget(this.request.request);
  }

  onReply(from: string, reply: ReplyMessage): void {
    const { request } = this;
    if (from !== this.peer || request === null || this.isOver) return;
    this.host.rpc.forget(request.request);
    if (reply.type === "tree-reply") this.follow(reply);
    else if (reply.type === "pull-reply" && request.type === "fetch") this.take(reply, request);
  }

  onMove(): void {
    this.end();
  }

  onReset(): void {
    // The next turn starts another session.
  }

  private nextRequest(): TreeRequest | FetchRequest | null {
    const { rpc, trees } = this.host;
    const { incarnation } = rpc;
    const request = rpc.nextRequest();
    if (this.open.length > 0 && this.wanted.length < FETCHED_MAX) {
      const tree = trees.with(this.peer);
      const ranges = this.open.splice(-PATHS_MAX).map((path) => {
        return { depth: path.depth, bits: path.bits, digest: tree.digestAt(path) };
      });
      return { type: "tree", incarnation, request, ranges };
    }
    if (this.wanted.length === 0) return null;
    return { type: "fetch", incarnation, request, keys: this.wanted.slice(0, FETCHED_MAX) };
  }

  private follow({ branches }: TreeReply): void {
    const { trees, store } = this.host;
    const tree = trees.with(this.peer);
    for (const { depth, bits, digests, held } of branches) {
      for (const { key, version } of held) {
        const own = store.get(key);
        if (own === undefined || compareVersions(version, own.version) > 0) this.wanted.push(key);
      }
      if (digests.length === 0) continue;
      for (const [branch, child] of childPaths({ depth, bits }).entries()) {
        if (digests[branch] !== tree.digestAt(child)) this.open.push(child);
      }
    }
    this.send();
  }

  private take({ records, coveredTo }: PullReply, { keys }: FetchRequest): void {
    const done = coveredTo === null ? keys.length : keys.indexOf(coveredTo) + 1;
    // A page that covers nothing would be asked for for ever.
    if (done === 0) {
      this.end();
      return;
    }
    this.wanted = this.wanted.slice(done);
    if (records.length > 0) this.host.hooks.sometimes("replicas-repaired");
    this.host.takeOver(records, () => {
      if (!this.isOver) this.send();
    });
  }
}

/** The other end of a comparison: what differs, by digests of smaller ranges, or by name when little is left. */
export function answerTree(host: TreeHost, from: string, request: TreeRequest): TreeReply {
  const tree = host.trees.with(from);
  const branches: TreeBranch[] = [];
  let characters = 0;
  for (const { depth, bits, digest } of request.ranges) {
    const path = { depth, bits };
    if (tree.digestAt(path) === digest) continue;
    // The rest is told when the asker has these, and asks again in a later round.
    if (characters >= PAGE_CHARACTERS) break;
    if (depth < DEPTH_MAX && tree.countAt(path) > NAMED_MAX) {
      branches.push({
        depth,
        bits,
        digests: childPaths(path).map((child) => tree.digestAt(child)),
        held: [],
      });
      continue;
    }
    const held = tree.keysAt(path).flatMap((key) => {
      const record = host.store.get(key);
      characters += RECORD_CHARACTERS + key.length;
      return record === undefined ? [] : [{ key, version: record.version }];
    });
    branches.push({ depth, bits, digests: [], held });
  }
  return {
    type: "tree-reply",
    incarnation: host.rpc.incarnation,
    request: request.request,
    requester: request.incarnation,
    known: host.incarnations.restarted,
    branches,
  };
}

/** The records of these keys, of the first ones only when they are long. */
export function answerFetch(host: TreeHost, request: FetchRequest): PullReply {
  const records: CacheRecord[] = [];
  let characters = 0;
  let coveredTo: string | null = null;
  for (const key of request.keys) {
    if (characters >= PAGE_CHARACTERS) break;
    coveredTo = key;
    const record = host.store.get(key);
    if (record === undefined) continue;
    records.push(record);
    characters += RECORD_CHARACTERS + key.length + (record.value?.length ?? 0);
  }
  return {
    type: "pull-reply",
    incarnation: host.rpc.incarnation,
    request: request.request,
    requester: request.incarnation,
    known: host.incarnations.restarted,
    records,
    coveredTo,
    missing: [],
    votes: NO_VOTES,
  };
}
