import { diffJson } from "../../trace/json-diff.ts";
import type { States } from "../../trace/state-recording.ts";
import type { PageStates, Patch } from "../page/payload.ts";

/** Characters of all patches together: packed they take about a tenth. */
export const PATCH_CHARACTERS_MAX = 6_000_000;

/**
 * The states of all machines as what changed from one to the next. When that is too much, only every second change
 * is kept, or every fourth, and so on, and the last one.
 */
export function statePatches(
  machines: readonly string[],
  states: States,
  charactersMax = PATCH_CHARACTERS_MAX,
): PageStates {
  const most = Math.max(1, ...machines.map((machine) => states.changes(machine).length));
  for (let every = 1; ; every *= 2) {
    // The first and the last state are kept, whatever room they take.
    const room = every >= most ? Number.POSITIVE_INFINITY : charactersMax;
    const changes = patchesWithin(machines, states, every, room);
    if (changes !== null) return { every, changes };
  }
}

function patchesWithin(
  machines: readonly string[],
  states: States,
  every: number,
  charactersMax: number,
): PageStates["changes"] | null {
  let room = charactersMax;
  const all: [number, Patch | null][][] = [];
  for (const machine of machines) {
    const patches: [number, Patch | null][] = [];
    let state: unknown;
    let lastEvent = 0;
    const changes = states.changes(machine);
    for (const [place, { event, snapshot }] of changes.entries()) {
      const isUpOrDown = snapshot === null || state === undefined;
      if (place % every !== 0 && place !== changes.length - 1 && !isUpOrDown) continue;
      const next = snapshot?.describe();
      const patch = next === undefined ? null : patchFrom(state, next);
      room -= JSON.stringify(patch).length;
      if (room < 0) return null;
      patches.push([event - lastEvent, patch]);
      lastEvent = event;
      state = next;
    }
    all.push(patches);
  }
  return all;
}

function patchFrom(before: unknown, after: unknown): Patch {
  return diffJson(before, after).map(({ path, after: value }) =>
    value === undefined ? [path] : [path, value],
  );
}
