/** How a node answers requests about who belongs to the cluster. Each may come twice, late, or out of order. */
import type { Atom } from "@phyxius/atom";
import { voteOn } from "./agreement.ts";
import type { CatchUpWatch } from "../replication/catch-up.ts";
import { haveSameMembers, includes } from "./configuration.ts";
import type { HandoverWatch } from "./handover.ts";
import type { Incarnations } from "./incarnations.ts";
import type { Membership } from "./membership.ts";
import type { CacheState } from "../state.ts";
import type { MembershipReply, MembershipRequest, VoteRequest } from "../wire/messages.ts";

export interface MemberAnswersOptions {
  readonly self: string;
  readonly incarnation: number;
  readonly state: Atom<CacheState>;
  readonly membership: Membership;
  readonly incarnations: Incarnations;
  readonly catchUp: CatchUpWatch;
  readonly handover: HandoverWatch;
  /** Somebody waits for this node to take over what it lacks. */
  readonly onAwaited: () => void;
}

/** What it gives must not leave the node before what it rests on is kept; null says nothing. */
export function createMemberAnswers(
  options: MemberAnswersOptions,
): (request: MembershipRequest) => MembershipReply | null {
  const { self, incarnation, state, membership, incarnations, catchUp, handover, onAwaited } = options;

  function headOf({ request, incarnation: requester }: MembershipRequest) {
    return { incarnation, request, requester, known: incarnations.restarted };
  }

  function tell(request: MembershipRequest): MembershipReply {
    return { type: "configuration", ...headOf(request), configuration: membership.configuration };
  }

  function vote(request: VoteRequest): MembershipReply | null {
    const { ballot, configuration, epoch } = request;
    const { members, previous } = membership.configuration;
    // What follows a joint configuration is not a matter of votes, and of a stable one its members decide.
    if (previous !== null || !includes(members, self) || !catchUp.mayVoteOnMembers()) return null;
    if (configuration !== null) {
      const { previous: base } = configuration;
      if (configuration.epoch !== epoch + 1 || base === null || !haveSameMembers(base, members)) return null;
    }
    const before = state.deref().membership.votes;
    const { isGranted, votes } = voteOn(before, ballot, configuration);
    if (votes !== before)
      state.swap((current) => ({ ...current, membership: { ...current.membership, votes } }));
    return { type: "vote-reply", ...headOf(request), isGranted, votes };
  }

  return (request) => {
    if (request.type === "inform") {
      membership.adopt(request.configuration);
      return tell(request);
    }
    if (request.epoch < membership.epoch) return tell(request);
    // Whoever asks is ahead: this node is about to learn of it.
    if (request.epoch > membership.epoch) return null;
    if (request.type === "vote") return vote(request);
    if (handover.hasTakenOver()) return tell(request);
    onAwaited();
    return null;
  };
}
