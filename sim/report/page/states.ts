import type { PageStates, Patch } from "./payload.ts";
import { countUpTo } from "./run-model.ts";

/** The states of the machines, put together from what changed. */
export interface StateHistory {
  /** Null while the machine was down, or showed no state. */
  after(machine: number, event: number): StateAt | null;
}

export interface StateAt {
  readonly state: unknown;
  /** After which event it became so. */
  readonly event: number;
  /** What became different then, and from what; null when there was no state before. */
  readonly changes: readonly Change[] | null;
}

export interface Change {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Patches between two states that are kept. */
const CHECKPOINT_EVERY = 64;

export function createStateHistory({ changes }: PageStates): StateHistory {
  const machines = changes.map((list) => {
    const events = new Float64Array(list.length);
    let event = 0;
    for (const [place, [after]] of list.entries()) events[place] = event += after;
    const checkpoints = new Map<number, unknown>();

    /** Undefined for a machine that is down. */
    function stateAt(place: number): unknown {
      if (place < 0) return undefined;
      let from = place - (place % CHECKPOINT_EVERY);
      while (from > 0 && !checkpoints.has(from)) from -= CHECKPOINT_EVERY;
      let state = from > 0 ? checkpoints.get(from) : undefined;
      for (let next = from > 0 ? from + 1 : 0; next <= place; next++) {
        const patch = list[next]?.[1] ?? null;
        state = patch === null ? undefined : applyPatch(state, patch);
        if (next % CHECKPOINT_EVERY === 0) checkpoints.set(next, state);
      }
      return state;
    }
    return { events, list, stateAt };
  });
  return {
    after(machine, event) {
      const history = machines[machine];
      if (history === undefined) return null;
      const place = countUpTo(history.events, event) - 1;
      const state = history.stateAt(place);
      if (state === undefined) return null;
      const before = history.stateAt(place - 1);
      const patch = history.list[place]?.[1] ?? [];
      const changes =
        before === undefined
          ? null
          : patch.map(([path, after]) => ({ path, before: valueAt(before, path), after }));
      return { state, event: history.events[place] ?? 0, changes };
    },
  };
}

/** A new state; what the patch does not touch is shared. */
export function applyPatch(state: unknown, patch: Patch): unknown {
  let next = state;
  for (const change of patch) next = replaceAt(next, change[0], 0, change);
  return next;
}

function replaceAt(state: unknown, path: readonly string[], depth: number, change: Patch[number]): unknown {
  const name = path[depth];
  if (name === undefined) return change[1];
  const isRemoval = depth === path.length - 1 && change.length === 1;
  if (Array.isArray(state)) {
    return state.map((item: unknown, place) =>
      String(place) === name ? replaceAt(item, path, depth + 1, change) : item,
    );
  }
  const entries = new Map(Object.entries(typeof state === "object" && state !== null ? state : {}));
  const isNew = !entries.has(name);
  if (isRemoval) entries.delete(name);
  else entries.set(name, replaceAt(entries.get(name), path, depth + 1, change));
  // What comes later stands where a reader looks for it.
  return Object.fromEntries(isNew ? [...entries].sort(([a], [b]) => (a < b ? -1 : 1)) : entries);
}

function valueAt(state: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (part, name) =>
      typeof part === "object" && part !== null && Object.hasOwn(part, name)
        ? (part as Record<string, unknown>)[name]
        : undefined,
    state,
  );
}
