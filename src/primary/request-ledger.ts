/**
 * Which requests of whom have been carried out, and which were sent elsewhere, so that one that comes twice is carried
 * out once, however late it comes, here or there. (After Lee, Park, Kejriwal, Matsushita and Ousterhout, "Implementing Linearizability at Large Scale and Low
 * Latency", SOSP 2015.)
 *
 * A node numbers its operations, and says in every request which of them is the oldest still open. What is older is
 * over, whatever comes of it: if it comes again it is dropped, and its outcome need not be kept. So the ledger keeps
 * of each node the outcomes since its oldest open operation, and forgets them with the node's life.
 */
export interface RequestLedger<Outcome> {
  /**
   * `fresh`: carry it out, and `note` its outcome, or `refuse` it. `over`: its operation has ended or belongs to a former
   * life, so drop it. `refused`: it was refused, and is carried out somewhere else by now. Otherwise it was carried out,
   * and this is what came of it.
   */
  look(from: string, life: number, request: NumberedRequest): "fresh" | "over" | "refused" | Outcome;
  note(from: string, number: number, outcome: Outcome): void;
  /** It is not carried out here, and neither is an earlier attempt at the same operation that is still to come. */
  refuse(from: string, request: NumberedRequest): void;
}

export interface NumberedRequest {
  /** Of the operation, counted by the node that asks. */
  readonly number: number;
  /** The oldest of its operations that is still open, this one at the latest. */
  readonly oldestOpen: number;
  /** Counts how often the operation has turned to somebody, from 1; the same when it only asks again. */
  readonly attempt: number;
}

interface Account<Outcome> {
  readonly life: number;
  oldestOpen: number;
  readonly outcomes: Map<number, Outcome>;
  /** The latest attempt of each operation that was refused. */
  readonly refused: Map<number, number>;
}

export function createRequestLedger<Outcome extends object>(): RequestLedger<Outcome> {
  const accounts = new Map<string, Account<Outcome>>();

  function accountOf(from: string, life: number): Account<Outcome> {
    const known = accounts.get(from);
    if (known !== undefined && known.life >= life) return known;
    const account: Account<Outcome> = { life, oldestOpen: 0, outcomes: new Map(), refused: new Map() };
    accounts.set(from, account);
    return account;
  }

  return {
    look(from, life, { number, oldestOpen, attempt }) {
      const account = accountOf(from, life);
      if (account.life > life) return "over";
      if (oldestOpen > account.oldestOpen) {
        account.oldestOpen = oldestOpen;
        for (const done of account.outcomes.keys()) if (done < oldestOpen) account.outcomes.delete(done);
        for (const done of account.refused.keys()) if (done < oldestOpen) account.refused.delete(done);
      }
      if (number < account.oldestOpen) return "over";
      return (
        account.outcomes.get(number) ?? (attempt <= (account.refused.get(number) ?? 0) ? "refused" : "fresh")
      );
    },
    note(from, number, outcome) {
      accounts.get(from)?.outcomes.set(number, outcome);
    },
    refuse(from, { number, attempt }) {
      accounts.get(from)?.refused.set(number, attempt);
    },
  };
}
