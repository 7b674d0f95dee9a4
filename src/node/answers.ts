import { answerPull } from "../background/pull.ts";
import { answerSettle } from "../background/settling.ts";
import type { RepairHost } from "../background/repair.ts";
import { answerFetch, answerTree } from "../background/tree-session.ts";
import type { Incarnations } from "../membership/incarnations.ts";
import type { Membership } from "../membership/membership.ts";
import type { NearCopies } from "../near/near-copies.ts";
import type { Watches } from "../near/watches.ts";
import type { PolicyNode } from "../policies/policy.ts";
import type {
  ForgetMessage,
  MembershipReply,
  MembershipRequest,
  ReplyMessage,
  RequestMessage,
} from "../wire/messages.ts";

export interface AnswersOptions {
  readonly self: string;
  readonly incarnation: number;
  readonly incarnations: Incarnations;
  readonly membership: Membership;
  /** See the option of this name of a policy. */
  readonly hasFixedOwners: boolean;
  readonly policy: PolicyNode;
  readonly repair: RepairHost;
  readonly watches: Watches;
  readonly near: NearCopies | null;
  readonly onForget: (message: ForgetMessage) => void;
  readonly answerOnMembers: (request: MembershipRequest) => MembershipReply | null;
}

/** Answers one request. */
export type Answer = (from: string, request: RequestMessage) => ReplyMessage | null;

/** Whom each kind of request is for. What it gives may be null: then nothing is said, or later. */
export function createAnswers(options: AnswersOptions): Answer {
  const { self, incarnation, incarnations, membership, hasFixedOwners } = options;
  const { policy, repair, watches, near, onForget, answerOnMembers } = options;

  function isOwnedHere(key: string): boolean {
    return membership.ownersOf(key).includes(self);
  }

  return (from, request) => {
    switch (request.type) {
      case "store":
        // Given up by somebody else in the meantime: a hint, or a store that waited for the disk.
        if (membership.epoch > 1 && hasFixedOwners && !isOwnedHere(request.record.key)) return null;
        return policy.answer(from, request);
      case "read":
      case "erase":
      case "policy":
        return policy.answer(from, request);
      case "ping": {
        const { request: number, incarnation: requester } = request;
        return { type: "pong", incarnation, request: number, requester, known: incarnations.restarted };
      }
      case "tree":
        return answerTree(repair, from, request);
      case "fetch":
        return answerFetch(repair, request);
      case "pull":
        return answerPull(repair, from, request);
      case "settle":
        answerSettle(repair, membership, self, from, request);
        return null;
      case "forget":
        onForget(request);
        return null;
      case "watch":
        return watches.answerWatch(from, request);
      case "renew":
        return watches.answerRenew(from, request);
      case "invalidate":
        near?.onInvalidate(from, request);
        return null;
      case "inform":
      case "vote":
      case "take-over":
        return answerOnMembers(request);
    }
  };
}
