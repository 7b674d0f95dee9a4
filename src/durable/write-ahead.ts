/**
 * What arrives at a node with a journal is handled when it cannot be lost any more.
 *
 * A request to store is written to the log first and handled, as if it came only now, when it is synced: it is
 * applied and confirmed in one step, as without a journal. So what a node holds is always what it would hold after
 * a crash, every answer tells of that and of nothing else, and reads wait for no disk.
 *
 * Nothing is handled out of turn in a way that the network could not have caused: a store that waits for the disk
 * is a store that was late, and one that the disk refused is one that was lost. Everything else is handled when it
 * arrives, and every answer is made when it is given. (An answer made on arrival and only held back until the sync
 * would not do: it would not tell of the restarts learnt meanwhile, which is how a quorum finds out that a member has
 * forgotten; see `Gather`.) A policy that can bear late and lost messages can bear this, and a replica that crashes
 * and reads its log is to the others one that was cut off for a while.
 *
 * What waited while the node moved on to another configuration is not handled any more, as it would not be if it came
 * only now (see `Membership`).
 *
 * Other knowledge must survive besides the records: to whom, in which life, this node has given what it held.
 * Whatever it confirms later must tell of that life. So a request to pull waits until the asker's life is kept. And what
 * a node knows of configurations, and has voted on them, is kept before it says so; a giver of records must never
 * again serve the configuration before.
 */
import type { CatchUpWatch } from "../replication/catch-up.ts";
import type { Hooks } from "../hooks.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Membership } from "../membership/membership.ts";
import { type CacheRecord, isNewer } from "../local/record.ts";
import type { Store } from "../local/store.ts";
import type { ReplyMessage, RequestMessage, StoreRequest } from "../wire/messages.ts";
import type { KeepRecord, RecordLog, WriteEnd } from "./record-log.ts";

export interface WriteAhead {
  /** Answers a request: by what it returns, or, if that is null, by calling `reply`, at any time or never. */
  serve(from: string, request: RequestMessage, reply: (message: ReplyMessage) => void): ReplyMessage | null;
  /** Calls back when the store has taken over all of the records, or with false when not all could be kept. */
  readonly takeOver: (records: readonly CacheRecord[], done: (isWhole: boolean) => void) => void;
  /** Calls back when the store holds the record, or something newer; or says why it does not. */
  readonly keep: KeepRecord;
}

export interface WriteAheadOptions {
  readonly log: RecordLog;
  readonly store: Store;
  readonly incarnation: number;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  readonly membership: Membership;
  readonly hooks: Hooks;
  /** False for a record that is not to be stored: the answer will say so. */
  readonly admits: (record: CacheRecord) => boolean;
  /** Handles a request at once. */
  readonly answer: (from: string, request: RequestMessage) => ReplyMessage | null;
  /** A store was refused because the disk is full. */
  readonly onRefused: () => void;
}

/** Records on their way to the disk together. */
interface Batch {
  readonly waiting: ((end: WriteEnd) => void)[];
}

/** From the best to the worst. */
const ENDS: readonly WriteEnd[] = ["kept", "full", "failed"];

export function createWriteAhead(options: WriteAheadOptions): WriteAhead {
  const { log, store, incarnation, incarnations, catchUp, membership, hooks, admits, answer, onRefused } =
    options;
  /** The newest record of each key that is on its way. */
  const ahead = new Map<string, { readonly record: CacheRecord; readonly batch: Batch }>();

  /** Writes what is newer than all that is on its way, and waits for that and for what makes up for the rest. */
  function keep(records: readonly CacheRecord[], done: (end: WriteEnd) => void): void {
    const own: Batch = { waiting: [] };
    const fresh: CacheRecord[] = [];
    /** Those before it that hold the others; mostly there are none, and then nothing is made for them. */
    let earlier: Set<Batch> | null = null;
    for (const record of records) {
      const before = ahead.get(record.key);
      if (before !== undefined && !isNewer(record, before.record)) (earlier ??= new Set()).add(before.batch);
      else {
        fresh.push(record);
        ahead.set(record.key, { record, batch: own });
      }
    }
    if (earlier === null) own.waiting.push(done);
    else {
      if (fresh.length > 0) earlier.add(own);
      whenAll(earlier, done);
    }
    if (fresh.length === 0) return;
    log.write(fresh, (end) => {
      for (const { key } of fresh) if (ahead.get(key)?.batch === own) ahead.delete(key);
      // Here and now: the next rewrite of the log keeps what the store holds.
      const isRefused = end === "kept" && !store.applyAll(fresh);
      for (const told of own.waiting) told(isRefused ? "full" : end);
    });
  }

  /** Calls back when all of the batches have ended, as the worst of them did. */
  function whenAll(batches: ReadonlySet<Batch>, done: (end: WriteEnd) => void): void {
    let worst = 0;
    let open = batches.size;
    for (const { waiting } of batches) {
      waiting.push((end) => {
        worst = Math.max(worst, ENDS.indexOf(end));
        if (--open === 0) done(ENDS[worst] as WriteEnd);
      });
    }
  }

  function refusal({ request, incarnation: requester, record }: StoreRequest): ReplyMessage | null {
    onRefused();
    if (!catchUp.mayVote(record.key)) return null;
    return {
      type: "store-reply",
      incarnation,
      request,
      requester,
      known: incarnations.restarted,
      isStored: false,
    };
  }

  return {
    serve(from, request, reply) {
      const { epoch } = membership;
      const send = (message: ReplyMessage | null): void => {
        if (message !== null) reply(message);
      };
      switch (request.type) {
        case "store":
          if (!store.wants(request.record) || !admits(request.record)) return answer(from, request);
          keep([request.record], (end) => {
            if (membership.epoch !== epoch) return;
            send(end === "kept" ? answer(from, request) : end === "full" ? refusal(request) : null);
          });
          return null;
        case "pull":
          log.keepLife((end) => {
            if (end === "kept" && membership.epoch === epoch) send(answer(from, request));
          });
          return null;
        case "inform":
        case "vote":
        case "take-over":
          // What it binds the node to is kept first. Answered is what holds then, and if that is new again, nothing.
          if (answer(from, request) === null) return null;
          log.keepLife((end) => {
            if (end !== "kept") return;
            hooks.crashpoint("after-vote");
            const message = answer(from, request);
            let isKept = false;
            log.keepLife((again) => {
              isKept = again === "kept";
            });
            if (isKept) send(message);
          });
          return null;
        case "read":
        case "erase":
        case "policy":
        case "ping":
        case "tree":
        case "fetch":
        case "settle":
        case "forget":
        case "watch":
        case "renew":
        case "invalidate":
          return answer(from, request);
      }
    },
    keep(record, done) {
      keep([record], (end) => {
        if (end === "full") onRefused();
        done(end);
      });
    },
    takeOver(records, done) {
      const wanted = store.wanted(records);
      if (wanted.length === 0) done(true);
      else keep(wanted, (end) => done(end === "kept"));
    },
  };
}
