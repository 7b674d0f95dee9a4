import { ILLEGAL } from "./automaton.ts";
import {
  isOptional,
  optionalKinds,
  type Search,
  type SearchedOperation,
  type SearchOutcome,
  type SearchProblem,
  STATES_SHOWN_MAX,
} from "./search.ts";

/** A call or a return in the list of what has not taken effect yet. */
interface Entry {
  readonly at: number;
  readonly operation: number;
  readonly isReturn: boolean;
  /** Of a call: the entry of its return, if it has one. */
  end: Entry | null;
  previous: Entry | null;
  next: Entry | null;
}

/**
 * Puts one operation after the other as long as that is legal, and goes back when it comes to a return whose operation
 * has not taken effect: Wing and Gong's search (JPDC 17, 1993) with Lowe's memory of configurations that were tried
 * (Concurrency and Computation 29(4), 2017), in the form in which Porcupine has it. Finds an order soon where there are
 * many; where there is none it must try everything.
 */
export function createDepthFirstSearch({ automaton, operations }: SearchProblem): Search {
  const head = listOf(operations);
  const { kinds, calls: optionalCalls } = optionalKinds(operations);
  const memory = createMemory(operations, optionalCalls.length);
  const path: { readonly entry: Entry; readonly state: number }[] = [];
  /** Operations with an end that have not taken effect. */
  let missing = operations.filter((operation) => !isOptional(operation)).length;
  let state = automaton.initial;
  let entry = head.next;
  let steps = 0;
  const stuck = { at: -1, operation: 0, states: new Set<number>() };
  /** By kind: its operations, in the order of their calls. They take effect in that order. */
  const optional: number[][] = optionalCalls.map(() => []);
  kinds.forEach((kind, operation) => optional[kind]?.push(operation));

  function noteStuck({ at, operation }: Entry): void {
    if (at > stuck.at) {
      stuck.at = at;
      stuck.operation = operation;
      stuck.states.clear();
    }
    if (at === stuck.at) stuck.states.add(state);
  }

  /** Whether the call can take effect now, in a way that was not tried before; then it does. */
  function takesEffect(called: Entry): boolean {
    const { operation } = called;
    const kind = kinds[operation] as number;
    if (kind >= 0 && optional[kind]?.[memory.used(kind)] !== operation) return false;
    const after = automaton.step(state, (operations[operation] as SearchedOperation).call);
    if (after === ILLEGAL || (kind >= 0 && after === state)) return false;
    memory.mark(operation, kind);
    steps += memory.cost();
    if (!memory.isNew(after)) {
      memory.unmark(operation, kind);
      return false;
    }
    path.push({ entry: called, state });
    if (kind < 0) missing--;
    state = after;
    return true;
  }

  function advance(stepsMax: number): SearchOutcome | null {
    const until = steps + stepsMax;
    while (missing > 0) {
      if (steps >= until) return null;
      steps++;
      // A list with an operation missing ends with a return.
      const current = entry as Entry;
      if (!current.isReturn) {
        if (takesEffect(current)) {
          takeOut(current);
          entry = head.next;
        } else entry = current.next;
        continue;
      }
      noteStuck(current);
      const last = path.pop();
      if (last === undefined) {
        const states = [...stuck.states].slice(0, STATES_SHOWN_MAX);
        return { kind: "violation", operation: stuck.operation, states, stateCount: stuck.states.size };
      }
      const { operation } = last.entry;
      const kind = kinds[operation] as number;
      memory.unmark(operation, kind);
      if (kind < 0) missing++;
      state = last.state;
      putBack(last.entry);
      entry = last.entry.next;
    }
    return { kind: "linearizable" };
  }

  return {
    get steps() {
      return steps;
    },
    get progress() {
      return { operation: stuck.operation, size: memory.size() };
    },
    advance,
  };
}

function listOf(operations: readonly SearchedOperation[]): Entry {
  const entries: Entry[] = [];
  operations.forEach((searched, operation) => {
    const links = { operation, end: null, previous: null, next: null };
    const called: Entry = { ...links, at: searched.callAt, isReturn: false };
    entries.push(called);
    if (isOptional(searched)) return;
    called.end = { ...links, at: searched.returnAt, isReturn: true };
    entries.push(called.end);
  });
  const head: Entry = { at: -1, operation: -1, isReturn: false, end: null, previous: null, next: null };
  let last = head;
  for (const entry of entries.sort((a, b) => a.at - b.at)) {
    entry.previous = last;
    last.next = entry;
    last = entry;
  }
  return head;
}

function takeOut(entry: Entry): void {
  unlink(entry);
  if (entry.end !== null) unlink(entry.end);
}

function putBack(entry: Entry): void {
  if (entry.end !== null) link(entry.end);
  link(entry);
}

function unlink(entry: Entry): void {
  if (entry.previous !== null) entry.previous.next = entry.next;
  if (entry.next !== null) entry.next.previous = entry.previous;
}

function link(entry: Entry): void {
  if (entry.previous !== null) entry.previous.next = entry;
  if (entry.next !== null) entry.next.previous = entry;
}

const BITS_PER_CHARACTER = 16;

/**
 * Which operations have taken effect, and which sets of them were tried with which state. Sets are kept as texts of the
 * bits between the first operation that is missing and the last that is not: in a long history that is little.
 */
function createMemory(operations: readonly SearchedOperation[], kindCount: number) {
  const isDone = new Uint8Array(operations.length);
  const uses: number[] = Array.from({ length: kindCount }, () => 0);
  const tried = new Set<string>();
  const isCounted = operations.map(isOptional);
  let first = 0;
  let last = -1;
  skipDone();

  function skipDone(): void {
    while (first < isDone.length && (isDone[first] === 1 || isCounted[first] === true)) first++;
  }

  return {
    used: (kind: number): number => uses[kind] as number,
    size: (): number => tried.size,
    mark(operation: number, kind: number): void {
      if (kind >= 0) {
        uses[kind] = (uses[kind] as number) + 1;
        return;
      }
      isDone[operation] = 1;
      if (operation > last) last = operation;
      skipDone();
    },
    unmark(operation: number, kind: number): void {
      if (kind >= 0) {
        uses[kind] = (uses[kind] as number) - 1;
        return;
      }
      isDone[operation] = 0;
      if (operation < first) first = operation;
      while (last >= 0 && isDone[last] === 0) last--;
    },
    /** What remembering takes beyond a step: the text is longer when an early operation stays open. */
    cost: (): number => Math.max(0, last - first) >>> 8,
    isNew(state: number): boolean {
      let bits = "";
      for (let from = first; from <= last; from += BITS_PER_CHARACTER) {
        let word = 0;
        const to = Math.min(last, from + BITS_PER_CHARACTER - 1);
        for (let operation = from; operation <= to; operation++) {
          word = (word << 1) | (isDone[operation] as number);
        }
        bits += String.fromCharCode(word);
      }
      const name = `${state} ${first} ${last} ${uses.join(" ")} ${bits}`;
      if (tried.has(name)) return false;
      tried.add(name);
      return true;
    },
  };
}
