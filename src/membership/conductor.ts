/**
 * How a change of members is carried out, by any node: let a majority of the members agree on the joint configuration,
 * wait until the new members have taken over, complete it, and tell everybody.
 *
 * Every step may be done by several nodes at once, or again by another one when the first is gone: the joint
 * configuration of an epoch is decided once (`agreement.ts`), and what completes it follows from it.
 */
import { type Clock, ms } from "@phyxius/clock";
import type { RunContext } from "@phyxius/effect";
import type { Atom } from "@phyxius/atom";
import { mergeVotes, mustPropose, NO_VOTES, type Ballot, type Votes } from "./agreement.ts";
import {
  type Configuration,
  finalOf,
  haveSameMembers,
  includes,
  jointOf,
  type Member,
  nodesOf,
} from "./configuration.ts";
import { Backoff } from "../operations/backoff.ts";
import { ConflictingChangeError } from "../errors.ts";
import { Gather, type GatherEnd, type GatherHost } from "../replication/gather.ts";
import type { HandoverWatch } from "./handover.ts";
import type { Membership } from "./membership.ts";
import type { CacheState } from "../state.ts";
import type { MembershipRequest } from "../wire/messages.ts";

export interface Conductor {
  /**
   * Makes these the members, and resolves when a majority of them knows, and all of the drained.
   * @throws ConflictingChangeError
   */
  change(context: RunContext, next: readonly Member[], drained: readonly string[]): Promise<Configuration>;
  /** Completes what somebody else has begun. */
  finish(context: RunContext): Promise<void>;
  /** Whether something was begun that is not complete. */
  isPending(): boolean;
}

export interface ConductorOptions {
  readonly self: string;
  readonly incarnation: number;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly retryMsMax: number;
  readonly random: () => number;
  readonly state: Atom<CacheState>;
  readonly membership: Membership;
  readonly handover: HandoverWatch;
  readonly host: GatherHost;
}

export function createConductor(options: ConductorOptions): Conductor {
  const { self, incarnation, clock, retryMs, retryMsMax, random, state, membership, handover, host } =
    options;
  const { rpc, hooks } = host;
  /** The highest number of a ballot that was issued here or heard of. */
  let lastBallot = 0;

  /**
   * Asks again and again until it is decided.
   * @param needed may change while it is asked
   */
  async function ask(
    context: RunContext,
    targets: readonly string[],
    needed: () => number,
    request: MembershipRequest,
  ): Promise<{ readonly end: GatherEnd; readonly gather: Gather }> {
    const gather = new Gather(host, { targets, needed: needed(), request });
    gather.start();
    const retries = new Backoff({ clock, firstMs: retryMs, maxMs: retryMsMax, random }, () => {
      gather.needed = needed();
      gather.resend();
    });
    context.defer(() => {
      retries.cancel();
      gather.abandon();
    });
    const end = await gather.ended;
    retries.cancel();
    return { end, gather };
  }

  /** Of two that propose at once, one should get ahead. Never resolves once the context has ended. */
  function backOff(context: RunContext): Promise<void> {
    hooks.sometimes("refused-vote");
    const waitMs = 1 + Math.floor(random() * 2 * retryMs);
    return new Promise((resolve) => {
      const timer = clock.interval(ms(waitMs), () => {
        timer.cancel();
        resolve();
      });
      context.defer(() => timer.cancel());
    });
  }

  function head() {
    return { incarnation, request: rpc.nextRequest() };
  }

  function votesOf({ replies }: Gather): readonly Votes[] {
    return replies.flatMap((reply) => (reply?.type === "vote-reply" ? [reply.votes] : []));
  }

  function nextBallot(): Ballot {
    const { promised } = state.deref().membership.votes;
    lastBallot = Math.max(lastBallot, promised?.counter ?? 0) + 1;
    return { counter: lastBallot, node: self, incarnation };
  }

  /** Returns when this node is in a newer configuration: this one, or another that was decided instead. */
  async function agree(context: RunContext, { epoch, members }: Configuration, own: Configuration) {
    const voters = members.map(({ id }) => id);
    const majority = (): number => Math.floor(voters.length / 2) + 1;
    while (membership.epoch === epoch) {
      const ballot = nextBallot();
      const request = { type: "vote", epoch, ballot } as const;
      const asked = await ask(context, voters, majority, { ...head(), ...request, configuration: null });
      if (asked.end === "complete") {
        const configuration = mustPropose(votesOf(asked.gather), own);
        const put = await ask(context, voters, majority, { ...head(), ...request, configuration });
        if (put.end === "complete") {
          hooks.crashpoint("after-decision");
          membership.adopt(configuration);
          tell(configuration);
          return;
        }
        note(put.gather);
      } else note(asked.gather);
      if (membership.epoch === epoch) await backOff(context);
    }
  }

  function note(gather: Gather): void {
    const { promised } = votesOf(gather).reduce(mergeVotes, NO_VOTES);
    lastBallot = Math.max(lastBallot, promised?.counter ?? 0);
  }

  /** Returns when this node is in a newer configuration. */
  async function complete(context: RunContext, joint: Configuration): Promise<void> {
    const { epoch, members } = joint;
    const targets = members.map(({ id }) => id);
    const { end } = await ask(context, targets, handover.takersNeeded, {
      type: "take-over",
      ...head(),
      epoch,
    });
    if (end !== "complete") return;
    const configuration = finalOf(joint);
    hooks.crashpoint("after-decision");
    membership.adopt(configuration);
    tell(configuration, nodesOf(joint));
  }

  /** Once, to whom it concerns. Whoever misses it learns of it from the next message of anybody. */
  function tell(configuration: Configuration, nodes = nodesOf(configuration)): void {
    const frame = rpc.encode({ type: "inform", ...head(), configuration });
    for (const node of nodes) if (node !== self) rpc.send(node, frame);
  }

  /** Waits until so many of them are in this configuration, or a newer one. */
  async function inform(context: RunContext, targets: readonly string[], needed: number): Promise<void> {
    if (targets.length === 0) return;
    const { configuration } = membership;
    await ask(context, targets, () => needed, { type: "inform", ...head(), configuration });
  }

  async function change(
    context: RunContext,
    next: readonly Member[],
    drained: readonly string[],
  ): Promise<Configuration> {
    let own: Configuration | null = null;
    for (;;) {
      const current = membership.configuration;
      if (current.previous !== null) await complete(context, current);
      else if (own === null || membership.epoch < own.epoch) {
        own ??= jointOf(current, next);
        await agree(context, current, own);
      } else break;
    }
    const { configuration } = membership;
    if (!haveSameMembers(configuration.members, next)) {
      const names = configuration.members.map(({ id }) => id).join(", ");
      throw new ConflictingChangeError(
        `another change of members was decided first: they are now ${names} (epoch ${configuration.epoch}); ` +
          "look whether this change is still wanted, and ask for it again",
      );
    }
    const members = nodesOf(configuration);
    await inform(context, members, Math.floor(members.length / 2) + 1);
    await inform(context, drained, drained.length);
    return membership.configuration;
  }

  function isPending(): boolean {
    const { configuration, votes } = state.deref().membership;
    return configuration.previous !== null
      ? includes(configuration.members, self) || includes(configuration.previous, self)
      : votes.accepted !== null && includes(configuration.members, self);
  }

  return {
    change,
    isPending,
    async finish(context) {
      hooks.sometimes("finished-change");
      while (isPending()) {
        const { configuration, votes } = state.deref().membership;
        if (configuration.previous !== null) await complete(context, configuration);
        else if (votes.accepted !== null) await agree(context, configuration, votes.accepted.configuration);
      }
    },
  };
}
