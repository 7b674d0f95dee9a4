/**
 * How the members agree on the next configuration: one decree of Paxos for each epoch (L. Lamport, "The Part-Time
 * Parliament", ACM Transactions on Computer Systems, 1998), voted on by the members of the epoch before it.
 *
 * This is the voter's side, as pure functions; `conductor.ts` is the proposer's. A voter promises a ballot, and then
 * neither promises nor accepts a lower one. What it has promised and accepted must survive as long as it may vote:
 * it is in the journal where there is one; otherwise a node that restarted takes it over from others, together with
 * their records and under the same rules (see `CatchUpWatch`), before it votes again. As a vote tells of the lives
 * that the voter knows of, a quorum that counts a life which is over is found out (see `Gather`).
 */
import type { Configuration } from "./configuration.ts";
import { compareVersions, type Version } from "../local/version.ts";

/** Unique in the cluster: no node uses a number twice in one life. */
export type Ballot = Version;

export interface Proposal {
  readonly ballot: Ballot;
  readonly configuration: Configuration;
}

/** What a voter is bound by, of one epoch. */
export interface Votes {
  /** No ballot below this one. */
  readonly promised: Ballot | null;
  readonly accepted: Proposal | null;
}

export const NO_VOTES: Votes = { promised: null, accepted: null };

/** A voter's answer to a ballot: whether it was granted, and by what the voter is bound from then on. */
export interface Verdict {
  readonly isGranted: boolean;
  readonly votes: Votes;
}

/**
 * The same votes, not a copy, if nothing changes.
 * @param configuration null asks for a promise only
 */
export function voteOn(votes: Votes, ballot: Ballot, configuration: Configuration | null): Verdict {
  const { promised, accepted } = votes;
  if (promised !== null && compareVersions(ballot, promised) < 0) return { isGranted: false, votes };
  const isBound = promised !== null && compareVersions(ballot, promised) === 0;
  if (configuration === null) {
    return { isGranted: true, votes: isBound ? votes : { promised: ballot, accepted } };
  }
  // The same again.
  if (isBound && accepted !== null && compareVersions(accepted.ballot, ballot) === 0) {
    return { isGranted: true, votes };
  }
  return { isGranted: true, votes: { promised: ballot, accepted: { ballot, configuration } } };
}

/** What a voter is bound by that takes over the votes of another one as well. */
export function mergeVotes(a: Votes, b: Votes): Votes {
  if (b.promised === null && b.accepted === null) return a;
  const promised = higher(a.promised, b.promised);
  const isOfB =
    b.accepted !== null && (a.accepted === null || compareVersions(b.accepted.ballot, a.accepted.ballot) > 0);
  return { promised, accepted: isOfB ? b.accepted : a.accepted };
}

/** What a proposer must propose, given the promises of a majority: its own choice only if none of them accepted any. */
export function mustPropose(promises: readonly Votes[], own: Configuration): Configuration {
  return promises.reduce(mergeVotes, NO_VOTES).accepted?.configuration ?? own;
}

function higher(a: Ballot | null, b: Ballot | null): Ballot | null {
  if (a === null) return b;
  return b !== null && compareVersions(b, a) > 0 ? b : a;
}
