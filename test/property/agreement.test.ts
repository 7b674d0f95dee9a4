import fc from "fast-check";
import { expect, test } from "vitest";
import { type Ballot, mustPropose, NO_VOTES, type Votes, voteOn } from "../../src/membership/agreement.ts";
import { type Configuration, firstConfiguration, jointOf } from "../../src/membership/configuration.ts";

fc.configureGlobal({ seed: 20_251_123 });

/**
 * The agreement on its own: proposers and voters over a network that loses, repeats, delays and reorders, with
 * voters that crash and keep what they had promised, and proposers that give up and begin again at any time.
 */

const VOTERS = ["a", "b", "c", "d", "e"];
const MAJORITY = 3;
const base = firstConfiguration(VOTERS.map((id) => ({ id, zone: null })));

/** What each proposer would like: another node more. */
function wishOf(proposer: number): Configuration {
  return jointOf(base, [...base.members, { id: `p${proposer}`, zone: null }]);
}

interface Ask {
  readonly proposer: number;
  readonly voter: string;
  readonly ballot: Ballot;
  readonly configuration: Configuration | null;
}

interface Answer extends Ask {
  readonly isGranted: boolean;
  readonly votes: Votes;
}

interface Proposer {
  ballot: Ballot | null;
  promises: Map<string, Votes>;
  proposed: Configuration | null;
  acceptedBy: Set<string>;
}

class Cluster {
  readonly voters = new Map(VOTERS.map((id) => [id, NO_VOTES]));
  readonly proposers: Proposer[];
  readonly decided: Configuration[] = [];
  private readonly flying: (Ask | Answer)[] = [];

  constructor(proposerCount: number) {
    this.proposers = Array.from({ length: proposerCount }, () => ({
      ballot: null,
      promises: new Map(),
      proposed: null,
      acceptedBy: new Set(),
    }));
  }

  /** A proposer drops what it was at and begins with a higher ballot. */
  begin(number: number): void {
    const proposer = this.proposers[number] as Proposer;
    const counter = (proposer.ballot?.counter ?? 0) + 1 + (number % 2);
    proposer.ballot = { counter, node: `p${number}`, incarnation: 1 };
    proposer.promises.clear();
    proposer.proposed = null;
    proposer.acceptedBy.clear();
    this.ask(number, null);
  }

  /** One message arrives, and perhaps stays in the network to arrive again; others may never. */
  deliver(pick: number, isRepeated: boolean): void {
    if (this.flying.length === 0) return;
    const place = pick % this.flying.length;
    const message = this.flying[place] as Ask | Answer;
    if (!isRepeated) this.flying.splice(place, 1);
    if ("isGranted" in message) this.take(message);
    else this.vote(message);
  }

  lose(pick: number): void {
    if (this.flying.length > 0) this.flying.splice(pick % this.flying.length, 1);
  }

  private ask(proposer: number, configuration: Configuration | null): void {
    const { ballot } = this.proposers[proposer] as Proposer;
    for (const voter of VOTERS) {
      if (ballot !== null) this.flying.push({ proposer, voter, ballot, configuration });
    }
  }

  private vote(ask: Ask): void {
    const verdict = voteOn(this.voters.get(ask.voter) ?? NO_VOTES, ask.ballot, ask.configuration);
    this.voters.set(ask.voter, verdict.votes);
    this.flying.push({ ...ask, ...verdict });
  }

  private take({ proposer: number, voter, ballot, configuration, isGranted, votes }: Answer): void {
    const proposer = this.proposers[number] as Proposer;
    if (!isGranted || ballot !== proposer.ballot) return;
    if (configuration !== null) {
      proposer.acceptedBy.add(voter);
      if (proposer.acceptedBy.size === MAJORITY) this.decided.push(configuration);
    } else if (proposer.proposed === null) {
      proposer.promises.set(voter, votes);
      if (proposer.promises.size < MAJORITY) return;
      proposer.proposed = mustPropose([...proposer.promises.values()], wishOf(number));
      this.ask(number, proposer.proposed);
    }
  }
}

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant("begin" as const), number: fc.nat({ max: 2 }) }) },
  {
    weight: 30,
    arbitrary: fc.record({
      what: fc.constant("deliver" as const),
      number: fc.nat({ max: 1000 }),
      isRepeated: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("lose" as const), number: fc.nat({ max: 1000 }) }) },
);

test("no two configurations of one epoch are decided, whatever becomes of the messages", () => {
  let decidedRuns = 0;
  let contestedRuns = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 200 }), (steps) => {
      const cluster = new Cluster(3);
      cluster.begin(0);
      for (const each of steps) {
        if (each.what === "begin") cluster.begin(each.number);
        else if (each.what === "lose") cluster.lose(each.number);
        else cluster.deliver(each.number, each.isRepeated);
      }
      const names = new Set(cluster.decided.map((configuration) => JSON.stringify(configuration)));
      expect(names.size).toBeLessThanOrEqual(1);
      if (names.size === 1) decidedRuns++;
      if (cluster.decided.length > 1) contestedRuns++;
    }),
    { numRuns: 600 },
  );
  // Or the test would say nothing.
  expect(decidedRuns).toBeGreaterThan(50);
  expect(contestedRuns).toBeGreaterThan(5);
});

test("whoever is promised by a majority proposes what may have been decided", () => {
  const ballot = (counter: number): Ballot => ({ counter, node: "p0", incarnation: 1 });
  const accepted = { ballot: ballot(3), configuration: wishOf(1) };
  const promises: Votes[] = [
    { promised: ballot(9), accepted: null },
    { promised: ballot(9), accepted: { ballot: ballot(2), configuration: wishOf(2) } },
    { promised: ballot(9), accepted },
  ];
  expect(mustPropose(promises, wishOf(0))).toBe(accepted.configuration);
  expect(mustPropose(promises.slice(0, 1), wishOf(0))).toEqual(wishOf(0));
});

test("a voter is bound by its promise, and says so", () => {
  const low: Ballot = { counter: 1, node: "p0", incarnation: 1 };
  const high: Ballot = { counter: 1, node: "p1", incarnation: 1 };
  const { votes } = voteOn(NO_VOTES, high, null);
  expect(voteOn(votes, low, wishOf(0))).toEqual({ isGranted: false, votes });
  // The same question again changes nothing, so that nothing has to be kept again.
  expect(voteOn(votes, high, null).votes).toBe(votes);
  const bound = voteOn(votes, high, wishOf(1)).votes;
  expect(voteOn(bound, high, wishOf(1)).votes).toBe(bound);
});
