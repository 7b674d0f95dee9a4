import { ILLEGAL } from "./automaton.ts";
import { createMinimalUses, type MinimalUses, type Uses } from "./minimal-uses.ts";
import {
  isOptional,
  optionalKinds,
  type Search,
  type SearchedOperation,
  type SearchOutcome,
  type SearchProblem,
  STATES_SHOWN_MAX,
} from "./search.ts";

/** What may have happened so far. */
interface Configuration {
  readonly state: number;
  /** One bit for each open operation that has taken effect, by slot. */
  readonly done: bigint;
  readonly uses: Uses;
}

interface Event {
  readonly at: number;
  readonly operation: number;
  readonly isReturn: boolean;
}

/**
 * Just-in-time linearization: goes through calls and returns in the order of time and keeps all configurations that may
 * be. An operation takes effect only when it must: at its own return, or before that of another which needs it. So what
 * is kept is only the frontier, however long the history. (Gavin Lowe, "Testing for linearizability", Concurrency and
 * Computation 29(4), 2017; the configurations are those of Wing and Gong, JPDC 17, 1993.)
 *
 * Three things keep the frontier small, and leave the verdict as it is:
 * - an open query that is legal takes effect at once: it never changes anything, and later it could only be worse. (Not
 *   so a write of what is there already, which may be needed later: add 1 and remove 1, concurrent, then read nothing);
 * - operations without an end that are the same call are counted, not told apart;
 * - of configurations that differ only in which of those they have used, the least are kept.
 */
export function createFrontierSearch({ automaton, operations }: SearchProblem): Search {
  const events = eventsOf(operations);
  const { kinds, calls: optionalCalls } = optionalKinds(operations);
  /** By kind: how many were called so far. */
  const offered = optionalCalls.map(() => 0);
  /** By slot: the operation that is open there, or -1. */
  const slots: number[] = [];
  let frontier: Configuration[] = [{ state: automaton.initial, done: 0n, uses: optionalCalls.map(() => 0) }];
  let next = 0;
  let steps = 0;
  let closing: Closing | null = null;

  function step(state: number, call: number): number {
    steps++;
    return automaton.step(state, call);
  }

  function callOf(operation: number): number {
    return (operations[operation] as SearchedOperation).call;
  }

  /** Lets all queries take effect that are legal. */
  function settle(state: number, done: bigint, uses: Uses): Configuration {
    let settled = done;
    for (let slot = 0; slot < slots.length; slot++) {
      const operation = slots[slot] as number;
      const bit = 1n << BigInt(slot);
      if (operation === -1 || (settled & bit) !== 0n || !automaton.isQuery(callOf(operation))) continue;
      if (step(state, callOf(operation)) !== ILLEGAL) settled |= bit;
    }
    return { state, done: settled, uses };
  }

  function call(operation: number): void {
    const kind = kinds[operation] as number;
    if (kind >= 0) {
      offered[kind] = (offered[kind] as number) + 1;
      return;
    }
    const free = slots.indexOf(-1);
    const slot = free === -1 ? slots.length : free;
    slots[slot] = operation;
    if (!automaton.isQuery(callOf(operation))) return;
    const bit = 1n << BigInt(slot);
    frontier = frontier.map((configuration) =>
      step(configuration.state, callOf(operation)) === ILLEGAL
        ? configuration
        : { ...configuration, done: configuration.done | bit },
    );
  }

  /** Everything that may take effect next, each added to the closing if nothing as good is there. */
  function expand({ state, done, uses }: Configuration, into: Closing): void {
    for (let slot = 0; slot < slots.length; slot++) {
      const operation = slots[slot] as number;
      const bit = 1n << BigInt(slot);
      if (operation === -1 || (done & bit) !== 0n) continue;
      const after = step(state, callOf(operation));
      if (after !== ILLEGAL) into.add(settle(after, done | bit, uses));
    }
    for (let kind = 0; kind < offered.length; kind++) {
      const used = uses[kind] as number;
      if (used >= (offered[kind] as number)) continue;
      const after = step(state, optionalCalls[kind] as number);
      // What changes nothing and need not have happened is never needed.
      if (after === ILLEGAL || after === state) continue;
      into.add(settle(after, done, uses.with(kind, used + 1)));
    }
  }

  function advance(stepsMax: number): SearchOutcome | null {
    const until = steps + stepsMax;
    for (;;) {
      if (steps >= until) return null;
      const event = events[next];
      if (event === undefined) return { kind: "linearizable" };
      if (!event.isReturn) {
        call(event.operation);
        next++;
        continue;
      }
      const slot = slots.indexOf(event.operation);
      const bit = 1n << BigInt(slot);
      if (closing === null) {
        closing = createClosing(bit);
        for (const configuration of frontier) closing.add(configuration);
      }
      for (let waiting = closing.take(); waiting !== undefined; waiting = closing.take()) {
        expand(waiting, closing);
        if (steps >= until) return null;
      }
      if (closing.finished.length === 0) {
        return { kind: "violation", operation: event.operation, ...closing.states() };
      }
      frontier = withoutBit(closing.finished, bit);
      slots[slot] = -1;
      closing = null;
      next++;
    }
  }

  return {
    get steps() {
      return steps;
    },
    get progress() {
      const size = frontier.length + (closing?.waitingCount() ?? 0);
      return { operation: events[next]?.operation ?? operations.length - 1, size };
    },
    advance,
  };
}

function eventsOf(operations: readonly SearchedOperation[]): Event[] {
  const events: Event[] = [];
  operations.forEach((searched, operation) => {
    events.push({ at: searched.callAt, operation, isReturn: false });
    if (!isOptional(searched)) events.push({ at: searched.returnAt, operation, isReturn: true });
  });
  return events.sort((a, b) => a.at - b.at);
}

/** The work of one return: all configurations from which it may be reached. */
interface Closing {
  add(configuration: Configuration): void;
  /** One that still needs something to take effect, those first that have used the fewest optional operations. */
  take(): Configuration | undefined;
  /** Those in which the operation that returns has taken effect. */
  readonly finished: readonly Configuration[];
  waitingCount(): number;
  /** That were seen; see `SearchOutcome`. */
  states(): { readonly states: readonly number[]; readonly stateCount: number };
}

function createClosing(bit: bigint): Closing {
  const known: MinimalUses = createMinimalUses();
  const finished: Configuration[] = [];
  const waitingByUse: Configuration[][] = [];
  const seen = new Set<number>();
  let least = 0;
  return {
    finished,
    add(configuration) {
      const { state, done, uses } = configuration;
      if (!known.add(`${state} ${done}`, uses)) return;
      if ((done & bit) !== 0n) {
        finished.push(configuration);
        return;
      }
      seen.add(state);
      const used = uses.reduce((sum, count) => sum + count, 0);
      while (waitingByUse.length <= used) waitingByUse.push([]);
      (waitingByUse[used] as Configuration[]).push(configuration);
      least = Math.min(least, used);
    },
    take() {
      for (; least < waitingByUse.length; least++) {
        const configuration = waitingByUse[least]?.pop();
        if (configuration !== undefined) return configuration;
      }
      return undefined;
    },
    waitingCount: () => waitingByUse.reduce((sum, waiting) => sum + waiting.length, 0),
    states: () => ({ states: [...seen].slice(0, STATES_SHOWN_MAX), stateCount: seen.size }),
  };
}

/** Frees the slot of what has returned; what is alike without it is kept once, and only the least of it. */
function withoutBit(configurations: readonly Configuration[], bit: bigint): Configuration[] {
  const byUse = [...configurations].sort((a, b) => total(a.uses) - total(b.uses));
  const kept = createMinimalUses();
  return byUse.flatMap(({ state, done, uses }) => {
    const rest = done & ~bit;
    return kept.add(`${state} ${rest}`, uses) ? [{ state, done: rest, uses }] : [];
  });
}

function total(uses: Uses): number {
  return uses.reduce((sum, count) => sum + count, 0);
}
