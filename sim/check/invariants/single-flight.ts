import type { Operation } from "../../run/history.ts";
import type { Invariant, Load, RunRecord, Violation } from "../../run/invariant.ts";
import { inTimeOrder } from "../certificate.ts";
import { effectEndUs } from "../operation-times.ts";
import { placed, quoted, time } from "../wording.ts";

/**
 * However many clients want a key that is not there, one machine calls one loader at a time for it: two calls of
 * loaders for one key on one machine do not overlap.
 *
 * Two loads may overlap all the same where the second caller must not share the first load: if it may have met a newer
 * version, that is if a write or a touch of the key may have taken effect after the first caller began and before the
 * second load did; or if one of the two could not read the key. So only loads count whose caller was told that its
 * value is in the cache.
 *
 * At most one violation a key and machine: the first two loads.
 */
export const singleFlight: Invariant = {
  name: "single-flight",
  isPrefixClosed: true,
  // What is past its grace counts as absent, by the clock of whoever holds it: another version without any write.
  dependsOnClocks: true,
  summary: "No machine has two loads of one key under way that might have been one.",
  check(run) {
    if (run.loads.length === 0) return [];
    const operations = new Map(run.history.map((operation) => [operation.id, operation]));
    const changes = run.history.filter(mayChange);
    return byPlace(run).flatMap((loads) => {
      const key = (loads[0] as Load).key;
      const pair = firstOverlap(loads, operations, changes);
      return pair === null ? [] : [describe(key, pair)];
    });
  },
};

interface Pair {
  readonly loads: readonly [Load, Load];
  readonly operations: readonly [Operation, Operation];
}

/** The loads of each machine and key. */
function byPlace({ loads }: RunRecord): readonly (readonly Load[])[] {
  const places = new Map<string, Load[]>();
  for (const load of loads) {
    const place = `${load.machine} ${load.key}`;
    const others = places.get(place);
    if (others === undefined) places.set(place, [load]);
    else others.push(load);
  }
  return [...places.values()];
}

/** Whether it may have given its key another version. */
function mayChange({ kind, result, effect }: Operation): boolean {
  return kind !== "get" && result !== "fail" && effect !== "found";
}

function firstOverlap(
  loads: readonly Load[],
  operations: ReadonlyMap<string, Operation>,
  changes: readonly Operation[],
): Pair | null {
  let before: { load: Load; operation: Operation } | null = null;
  for (const load of loads) {
    const operation = operations.get(load.operation);
    // Only of these is it known that they had read the key.
    if (operation?.effect !== "wrote") continue;
    if (before !== null && before.load.untilUs > load.fromUs) {
      const own: readonly [Operation, Operation] = [before.operation, operation];
      const hasChanged = changes.some(
        (change) =>
          change.key === load.key &&
          !own.includes(change) &&
          change.callUs <= load.fromUs &&
          effectEndUs(change) >= own[0].callUs,
      );
      if (!hasChanged) return { loads: [before.load, load], operations: own };
    }
    if (before === null || load.untilUs > before.load.untilUs) before = { load, operation };
  }
  return null;
}

function describe(key: string, { loads: [first, second], operations }: Pair): Violation {
  return {
    invariant: "single-flight",
    key,
    summary:
      `${first.machine} called a second loader for ${quoted(key)} at ${time(second.fromUs)}, while that of ` +
      `${first.operation} was under way from ${time(first.fromUs)} to ${time(first.untilUs)}`,
    operations: inTimeOrder(operations),
    notes: [
      `${operations.map(placed).join(" and ")} called them.`,
      "No write of the key can have taken effect in between, so one load would have done for both.",
    ],
  };
}
