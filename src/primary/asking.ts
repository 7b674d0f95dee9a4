/**
 * The coordinator's side: hands a request to the primary of its key, and follows where it is sent.
 *
 * A write is carried out once. It stays with the node that it was handed to, through a change of members too, until that
 * one has carried it out or says that it will not (see `RequestLedger`). A node that has restarted cannot know what its
 * former life did with it, nor one that had to stop leading while the write went to its disk; then nobody knows.
 */
import { IndeterminateError, UnavailableError } from "../errors.ts";
import type { CacheRecord } from "../local/record.ts";
import type { Operation } from "../operations/operation.ts";
import type { PolicyKit } from "../policies/policy.ts";
import { type Answer, type AskKind, readAnswer } from "./messages.ts";
import { leadersAmong } from "./rights.ts";

/** What came of it, but for where else it was sent on the way. */
export type FinalAnswer = Exclude<Answer, { readonly outcome: "elsewhere" | "unknown" }>;

export interface Answered {
  readonly answer: FinalAnswer;
  readonly record: CacheRecord | null;
  readonly from: string;
}

export type AskPrimary = (
  operation: Operation,
  kind: AskKind,
  record: CacheRecord | null,
  expected?: string | null,
) => Promise<Answered>;

export function createAsking(kit: PolicyKit): AskPrimary {
  const { self, incarnation, incarnations, membership, rpc, state, hooks } = kit;
  /** Numbers of the operations of this node that have asked a primary, oldest first. */
  const open = new Set<number>();

  function firstChoice(key: string): string {
    const { nodes } = state.deref();
    const leaders = leadersAmong(membership.quorumsOf(key));
    return leaders.find((owner) => nodes.get(owner)?.isSuspected !== true) ?? leaders[0] ?? self;
  }

  return async (operation, kind, record, expected = null) => {
    const { key, number } = operation;
    if (!open.has(number)) {
      open.add(number);
      operation.context.defer(() => void open.delete(number));
    }
    /** The life of each node that was asked, as far as it was known then. */
    const lives = new Map<string, number>();
    let primary = firstChoice(key);
    for (let attempt = 1; ; attempt++) {
      const life = lives.get(primary) ?? incarnations.latestOf(primary);
      lives.set(primary, life);
      const [oldestOpen = number] = open;
      const request = rpc.nextRequest();
      const gather = kit.gather(operation, {
        targets: [primary],
        needed: 1,
        request: {
          type: "policy",
          incarnation,
          request,
          kind,
          key,
          record,
          body: { number, oldestOpen, attempt, life, expected },
        },
      });
      await gather.ended;
      const [reply] = gather.replies;
      const answer = reply?.type === "policy-reply" ? readAnswer(reply) : null;
      if (answer === null || reply?.type !== "policy-reply") {
        const problem = `${primary} answered for "${key}" what no primary says`;
        throw operation.mayHaveHappened
          ? new IndeterminateError(problem, gather.answers())
          : new UnavailableError(problem, gather.answers());
      }
      if (answer.outcome === "unknown") {
        throw new IndeterminateError(
          `${primary} has restarted, or another node has taken "${key}" over, and nobody knows whether the ` +
            `${operation.kind} has happened; read before you rely on it`,
          gather.answers(),
        );
      }
      if (answer.outcome !== "elsewhere") return { answer, record: reply.record, from: primary };
      hooks.sometimes("sent-elsewhere");
      primary = answer.leader;
    }
  };
}
